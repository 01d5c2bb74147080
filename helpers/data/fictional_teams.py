"""Las 48 selecciones inventadas del cuaderno 02, en cuatro regiones de doce."""

REGIONS = {
    "Norte": (
        "Altavera", "Boralia", "Calandria", "Dorvania", "Esmeria", "Faroela",
        "Glaciaria", "Hibernalia", "Istralia", "Jorvania", "Kaldoria", "Lumeria",
    ),
    "Sur": (
        "Maravia", "Nerudia", "Ombralia", "Pampalia", "Quillora", "Riolago",
        "Salvaterra", "Tierrabruna", "Urdania", "Valdoria", "Yaravia", "Zafirelia",
    ),
    "Este": (
        "Arenalia", "Bahirán", "Cobalia", "Dunaria", "Ébanor", "Felucia",
        "Garabia", "Harmatán", "Ibadora", "Jazmina", "Kanemia", "Limpolia",
    ),
    "Oeste": (
        "Nubaria", "Oasia", "Perlandia", "Qantara", "Rocalia", "Sabanora",
        "Tamarinda", "Ultramar", "Volcania", "Xalandia", "Yunara", "Zendalia",
    ),
}  # fmt: skip
TEAMS = tuple(team for region in REGIONS.values() for team in region)
