"""Ajustes con los que «lab» abre JupyterLab. Los lee Jupyter, que pone ``get_config``."""

import zmq
from jupyter_client import KernelManager

c = get_config()  # noqa: F821
c.ServerApp.log_level = c.LabApp.log_level = "WARN"
c.ServerApp.answer_yes = True  # un Ctrl+C basta
# Ni noticias ni búsqueda de versiones o extensiones por la red.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
# Tornado ya lo recorta a este valor (30 s), y lo dice cada vez que se abre un cuaderno.
c.ServerApp.tornado_settings = {"ws_ping_timeout": 30_000}
# Los núcleos avisan si se les habla sin cifrar, aunque sea dentro del mismo equipo.
if "transport_encryption" in KernelManager.class_trait_names() and zmq.has("curve"):
    c.KernelManager.transport_encryption = "auto"
