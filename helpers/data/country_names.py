"""Nombres en español de las selecciones de los últimos Mundiales (los datos los traen en inglés).

Quien no esté aquí se queda con el nombre del archivo original.
"""

SPANISH = {
    "Algeria": "Argelia", "Australia": "Australia", "Austria": "Austria", "Belgium": "Bélgica",
    "Bosnia and Herzegovina": "Bosnia y Herzegovina", "Brazil": "Brasil", "Cameroon": "Camerún",
    "Canada": "Canadá", "Cape Verde": "Cabo Verde", "Croatia": "Croacia", "Curaçao": "Curazao",
    "Czech Republic": "Chequia", "DR Congo": "RD del Congo", "Denmark": "Dinamarca",
    "Egypt": "Egipto", "England": "Inglaterra", "France": "Francia", "Germany": "Alemania",
    "Haiti": "Haití", "Iceland": "Islandia", "Iran": "Irán", "Iraq": "Irak", "Italy": "Italia",
    "Ivory Coast": "Costa de Marfil", "Japan": "Japón", "Jordan": "Jordania",
    "Mexico": "México", "Morocco": "Marruecos", "Netherlands": "Países Bajos",
    "New Zealand": "Nueva Zelanda", "Norway": "Noruega", "Panama": "Panamá", "Peru": "Perú",
    "Poland": "Polonia", "Qatar": "Catar", "Russia": "Rusia", "Saudi Arabia": "Arabia Saudí",
    "Scotland": "Escocia", "Senegal": "Senegal", "Serbia": "Serbia", "South Africa": "Sudáfrica",
    "South Korea": "Corea del Sur", "Spain": "España", "Sweden": "Suecia", "Switzerland": "Suiza",
    "Tunisia": "Túnez", "Turkey": "Turquía", "Ukraine": "Ucrania",
    "United States": "Estados Unidos", "Uzbekistan": "Uzbekistán", "Wales": "Gales",
}  # fmt: skip
