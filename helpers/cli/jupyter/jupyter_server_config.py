"""Ajustes con los que «lab» abre JupyterLab. Los lee Jupyter, que pone ``get_config``."""

import zmq
from jupyter_client import KernelManager
from jupyter_client.kernelspec import KernelSpecManager

# JupyterLab apunta en cada cuaderno abierto la versión exacta de Python, y así lo cree cambiado y
# pide guardarlo. La que llevan los nuestros es esta, y es la que dicen los núcleos.
SAME_EVERYWHERE = 'get_ipython().kernel.language_info["version"] = "3"'


class Kernels(KernelSpecManager):
    """Los núcleos de siempre, con la versión de Python que llevan los cuadernos."""

    def get_kernel_spec(self, kernel_name):
        """La orden que arranca ``kernel_name``."""
        spec = super().get_kernel_spec(kernel_name)
        if "ipykernel_launcher" in spec.argv:
            spec.argv = [*spec.argv, f"--IPKernelApp.exec_lines={SAME_EVERYWHERE}"]
        return spec


c = get_config()  # noqa: F821
c.ServerApp.log_level = c.LabApp.log_level = "WARN"
c.ServerApp.answer_yes = True  # un Ctrl+C basta
c.ServerApp.kernel_spec_manager_class = Kernels
# Ni noticias ni búsqueda de versiones o extensiones por la red.
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.LabApp.extension_manager = "readonly"
# Tornado ya lo recorta a este valor (30 s), y lo dice cada vez que se abre un cuaderno.
c.ServerApp.tornado_settings = {"ws_ping_timeout": 30_000}
# Los núcleos avisan si se les habla sin cifrar, aunque sea dentro del mismo equipo.
if "transport_encryption" in KernelManager.class_trait_names() and zmq.has("curve"):
    c.KernelManager.transport_encryption = "auto"
