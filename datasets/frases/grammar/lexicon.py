"""El vocabulario del corpus: nombres, adjetivos y verbos, con su inglés. Cuaderno 09.

Cada nombre lleva su artículo (que da el género) y, tras ``/``, el plural si no es regular. El
inglés es el de Estados Unidos.
"""

NOUNS = {
    "animal": "el perro=dog, el gato=cat, el caballo=horse, el pájaro=bird, la vaca=cow, "
    "el ratón/ratones=mouse/mice, el conejo=rabbit, la tortuga=turtle, la gallina=hen, "
    "el león/leones=lion, el burro=donkey, la rana=frog, el lobo=wolf/wolves, la oveja=sheep/sheep",
    "family": "el hombre=man/men, la mujer=woman/women, el niño=boy, la niña=girl, "
    "el amigo=friend, la amiga=friend, el abuelo=grandfather, la abuela=grandmother, "
    "el hermano=brother, la hermana=sister, el vecino=neighbor, la vecina=neighbor, el rey=king, "
    "la reina=queen, el padre=father, la madre=mother, el hijo=son, la hija=daughter",
    "job": "el médico=doctor, la médica=doctor, el profesor=teacher, la profesora=teacher, "
    "el pintor=painter, la pintora=painter, el herrero=blacksmith, el panadero=baker, "
    "la panadera=baker, el enfermero=nurse, la enfermera=nurse, el abogado=lawyer, "
    "la abogada=lawyer, el escritor=writer, la escritora=writer, el carpintero=carpenter, "
    "la carpintera=carpenter, el ingeniero=engineer, la ingeniera=engineer",
    "thing": "la mesa=table, la silla=chair, el coche=car, la camisa=shirt, la flor=flower, "
    "el árbol=tree, el barco=boat, la bicicleta=bicycle, la taza=cup, el vaso=glass, "
    "la llave=key, el sombrero=hat, el zapato=shoe, la guitarra=guitar, la pelota=ball, "
    "el cuchillo=knife/knives, la cuchara=spoon, el reloj=clock, el cuadro=painting, "
    "la moneda=coin, el paraguas/paraguas=umbrella, el teléfono=phone",
    "shut": "la puerta=door, la ventana=window, la caja=box, el libro=book, la carta=letter",
    "fruit": "la manzana=apple, la naranja=orange, el tomate=tomato, la pera=pear",
    "food": "el huevo=egg, la galleta=cookie, la ensalada=salad, el bocadillo=sandwich, "
    "la tarta=cake, la sopa=soup",
    "drink": "la leche=milk, el café=coffee, el té=tea, el vino=wine, el zumo=juice",
    "place": "el jardín/jardines=garden, el parque=park, la calle=street, la plaza=square, "
    "la playa=beach, el bosque=forest, el pueblo=village, la ciudad=city",
    "building": "la casa=house, el salón/salones=living room, la cocina=kitchen, "
    "la habitación/habitaciones=bedroom, la oficina=office, la escuela=school, "
    "la estación/estaciones=station, el hotel=hotel",
    "shop": "la tienda=store, el museo=museum, la biblioteca=library, el restaurante=restaurant",
    "nature": "la nieve=snow, el cielo=sky, la luna=moon, el mar=sea, el sol=sun",
}
PLURAL_AS = {"niño": "children"}  # el plural masculino que en inglés es otra palabra
NO_PLURAL = ("drink", "nature")
NO_OWNER = ("hombre", "mujer", "rey", "reina")  # «mi mujer» es «my wife»
SINGULAR_ONLY = ("padre", "hermano", "hijo", "abuelo", "rey")  # «padres»: ¿padres y madres?

COLOR = "blanco=white, negro=black, rojo=red, verde=green, azul=blue, amarillo=yellow, gris=gray"
LOOK = "grande=big, pequeño=small, bonito=pretty, feo=ugly, viejo=old"
FEELING = (
    "cansado=tired, contento=happy, triste=sad, enfermo=sick, tranquilo=calm, "
    "nervioso=nervous, enfadado=angry"
)
# Qué adjetivos van con «ser» y cuáles con «estar», según de qué se hable.
SER = {
    "animal": f"blanco=white, negro=black, gris=gray, marrón/marrones=brown, {LOOK}, "
    "rápido=fast, lento=slow, fuerte=strong",
    "family": "alto=tall, bajo=short, joven/jóvenes=young, viejo=old, amable=kind, famoso=famous, "
    "fuerte=strong, rico=rich, pobre=poor, inteligente=intelligent",
    "thing": f"{COLOR}, {LOOK}, nuevo=new, caro=expensive, barato=cheap, moderno=modern",
    "food": "caro=expensive, barato=cheap, pequeño=small, grande=big",
    "drink": "caro=expensive, barato=cheap",
    "place": f"{LOOK}, tranquilo=quiet, oscuro=dark, famoso=famous",
    "building": f"{COLOR}, {LOOK}, tranquilo=quiet, moderno=modern, oscuro=dark",
    "nature": f"{COLOR}, bonito=pretty",
}
ESTAR = {
    "animal": FEELING,
    "family": f"{FEELING}, ocupado=busy",
    "thing": "limpio=clean, sucio=dirty, roto=broken, mojado=wet",
    "food": "frío=cold, caliente=hot",
    "drink": "frío=cold, caliente=hot",
    "place": "limpio=clean, sucio=dirty, vacío=empty",
    "building": "limpio=clean, sucio=dirty, vacío=empty, lleno=full",
    "shut": "abierto=open, cerrado=closed",
    "shop": "abierto=open, cerrado=closed",
}
# Solo tras el verbo; el mismo adjetivo cambia de sentido con «ser» y con «estar».
SER_ONLY = {
    "family": "listo=clever, aburrido=boring",
    "place": "seguro=safe",
    "building": "seguro=safe",
}
ESTAR_ONLY = {
    "animal": "dormido=asleep, solo=alone, vivo=alive",
    "family": "listo=ready, aburrido=bored, seguro=sure, dormido=asleep, solo=alone",
    "food": "rico=tasty",
    "fruit": "verde=unripe",
    "drink": "rico=tasty",
}
# Los adjetivos de la segunda clase valen también para la primera.
ALSO = {"job": "family", "fruit": "food", "shut": "thing", "shop": "building"}
ADVERBIAL = (
    "tranquilo=peacefully, contento=happily, triste=sadly, nervioso=nervously, callado=quietly, "
    "solo=alone"
)

# Infinitivo = base, pasado y gerundio ingleses; si el español no es regular, sus formas:
# presente (yo, tú, él, nosotros, ellos) | pretérito | gerundio.
VERBS = """
dormir = sleep slept sleeping : duermo duermes duerme dormimos duermen | dormí dormiste durmió dormimos durmieron | durmiendo
correr = run ran running
cantar = sing sang singing
bailar = dance danced dancing
trabajar = work worked working
caminar = walk walked walking
nadar = swim swam swimming
descansar = rest rested resting
llorar = cry cried crying
esperar = wait waited waiting
comer = eat ate eating
beber = drink drank drinking
leer = read read reading : leo lees lee leemos leen | leí leíste leyó leímos leyeron | leyendo
escribir = write wrote writing
comprar = buy bought buying
vender = sell sold selling
abrir = open opened opening
cerrar = close closed closing : cierro cierras cierra cerramos cierran | cerré cerraste cerró cerramos cerraron | cerrando
limpiar = clean cleaned cleaning
lavar = wash washed washing
romper = break broke breaking
pintar = paint painted painting
dibujar = draw drew drawing
cocinar = cook cooked cooking
buscar = look_for looked_for looking_for : busco buscas busca buscamos buscan | busqué buscaste buscó buscamos buscaron | buscando
mirar = look_at looked_at looking_at
encontrar = find found finding : encuentro encuentras encuentra encontramos encuentran | encontré encontraste encontró encontramos encontraron | encontrando
perder = lose lost losing : pierdo pierdes pierde perdemos pierden | perdí perdiste perdió perdimos perdieron | perdiendo
ver = see saw seeing : veo ves ve vemos ven | vi viste vio vimos vieron | viendo
necesitar = need needed needing
vivir = live lived living
jugar = play played playing : juego juegas juega jugamos juegan | jugué jugaste jugó jugamos jugaron | jugando
tener = have had having : tengo tienes tiene tenemos tienen | tuve tuviste tuvo tuvimos tuvieron | teniendo
querer = want wanted wanting : quiero quieres quiere queremos quieren | quise quisiste quiso quisimos quisieron | queriendo
poder = can could - : puedo puedes puede podemos pueden | pude pudiste pudo pudimos pudieron | pudiendo
"""  # noqa: E501
FUTURE_STEMS = {"tener": "tendr", "querer": "querr", "poder": "podr"}
STATIVE = ("ver", "necesitar", "tener", "querer", "encontrar", "perder")  # sin «-ing»
ANIMALS_DO = ("dormir", "correr", "descansar", "comer", "beber", "esperar", "buscar", "mirar",
              "ver", "encontrar", "nadar")  # fmt: skip
OBJECTS = {  # qué clases de cosas, o qué cosas, se comen, se abren…
    "comer": "food fruit", "cocinar": "food fruit", "beber": "drink", "leer": "libro carta",
    "escribir": "libro carta", "comprar": "thing shut food fruit drink",
    "vender": "thing food fruit drink", "abrir": "shut", "cerrar": "shut",
    "limpiar": "thing building",
    "lavar": "camisa coche taza vaso cuchillo cuchara sombrero bicicleta ventana",
    "romper": "vaso taza silla mesa ventana reloj guitarra cuadro paraguas teléfono caja",
    "pintar": "building shut thing", "dibujar": "animal thing", "buscar": "thing animal family",
    "mirar": "thing animal nature building", "encontrar": "thing animal", "perder": "thing",
    "ver": "animal family building job", "necesitar": "thing food fruit drink",
    "tener": "thing animal", "querer": "thing food fruit drink",
}  # fmt: skip
INTRANSITIVE = ("dormir", "correr", "cantar", "bailar", "trabajar", "caminar", "nadar",
                "descansar", "llorar", "esperar")  # fmt: skip

COUNTRIES = {"España": "Spain", "Francia": "France", "Italia": "Italy", "México": "Mexico",
             "Perú": "Peru", "Chile": "Chile", "Argentina": "Argentina", "Japón": "Japan",
             "Alemania": "Germany", "Portugal": "Portugal", "Brasil": "Brazil"}  # fmt: skip
SPORTS = {"fútbol": "soccer", "tenis": "tennis", "baloncesto": "basketball", "golf": "golf",
          "ajedrez": "chess", "voleibol": "volleyball"}  # fmt: skip
NEEDS = {"hambre": "hungry", "sed": "thirsty", "frío": "cold", "calor": "hot", "sueño": "sleepy",
         "miedo": "afraid", "prisa": "in a hurry"}  # fmt: skip
NEAR = {"cerca de": "near", "detrás de": "behind", "delante de": "in front of",
        "al lado de": "next to"}  # fmt: skip
LANDMARKS = "mesa silla puerta ventana coche árbol casa tienda hotel museo restaurante escuela"
COVERS = "mesa silla árbol ventana barco"
NUMBERS = {"dos": "two", "tres": "three", "cuatro": "four", "cinco": "five", "seis": "six"}
GREETED = (
    "amigo amiga vecino vecina niño niña profesor profesora médico médica abuelo abuela "
    "hijo hija madre padre pintor escritora panadera"
)
GREETINGS = {"hola": "hello", "adiós": "goodbye", "gracias": "thank you",
             "buenos días": "good morning", "buenas noches": "good night",
             "buenas tardes": "good afternoon"}  # fmt: skip
