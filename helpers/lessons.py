"""La serie: qué cuadernos hay, qué artículo explica cada uno y en qué orden se leen."""

from dataclasses import dataclass

BLOG = "https://aprendemachinelearning.com/"


@dataclass(frozen=True)
class Notebook:
    """Ficha de un cuaderno: el suyo y el artículo del blog que explica."""

    number: str
    slug: str
    title: str
    article: str
    article_slug: str

    @property
    def filename(self) -> str:
        return f"{self.number}_{self.slug}.ipynb"

    @property
    def url(self) -> str:
        return f"{BLOG}{self.article_slug}/"


SERIES = (
    Notebook(
        "01", "instalar_ambiente", "Instalar el ambiente de desarrollo", "A8",
        "instalar-ambiente-de-desarrollo-python-anaconda-para-aprendizaje-automatico",
    ),
    Notebook(
        "02", "guia_rapida_deep_learning", "Guía rápida de aprendizaje profundo", "A9",
        "aprendizaje-profundo-una-guia-rapida",
    ),
    Notebook(
        "03", "red_neuronal_xor", "Una sencilla red neuronal: XOR", "A7",
        "una-sencilla-red-neuronal-en-python-con-keras-y-tensorflow",
    ),
    Notebook(
        "04", "historia_redes_neuronales", "Breve historia de las redes neuronales", "A6",
        "breve-historia-de-las-redes-neuronales-artificiales",
    ),
    Notebook(
        "05", "clasificacion_imagenes", "Clasificación de imágenes: diez deportes", "A5",
        "clasificacion-de-imagenes-en-python",
    ),
    Notebook(
        "06", "como_funcionan_las_cnn", "Cómo funcionan las redes convolucionales", "A4",
        "como-funcionan-las-convolutional-neural-networks-vision-por-ordenador",
    ),
    Notebook(
        "07", "pronostico_ventas_embeddings", "Pronóstico de ventas con embeddings", "A3",
        "pronostico-de-ventas-redes-neuronales-python-embeddings",
    ),
    Notebook(
        "08", "deteccion_objetos_yolo", "Detección de objetos con YOLO", "A2",
        "deteccion-de-objetos-con-python-yolo-keras-tutorial",
    ),
    Notebook(
        "09", "transformers", "Cómo funcionan los Transformers", "A1",
        "como-funcionan-los-transformers-espanol-nlp-gpt-bert",
    ),
)  # fmt: skip
EXTRAS = ("extra_varias_maquinas.ipynb",)  # páginas optativas, sin artículo


def by_number(number: str) -> Notebook:
    """El cuaderno ``number`` (``"3"``, ``"03"`` o su nombre de archivo).

    Raises:
        ValueError: si no hay ninguno con ese número.
    """
    key = str(number).removesuffix(".ipynb").split("_")[0].zfill(2)
    for notebook in SERIES:
        if notebook.number == key:
            return notebook
    raise ValueError(f"No existe el cuaderno «{number}». Los hay del 01 al {SERIES[-1].number}.")
