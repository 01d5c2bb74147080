"""Ejercicios del cuaderno 08: formatos, responsables, umbrales y recuento."""

from helpers.exercises import nb08_checks as checks
from helpers.exercises.base import Exercise
from helpers.exercises.nb08_solutions import a_voc, contar, mejor_umbral, responsable

ejercicio_1 = Exercise(
    1, "De YOLO a Pascal VOC",
    "Una línea «clase cx cy w h», entre 0 y 1, a esquinas en píxeles; lo demás, se rechaza.",
    ("linea.split() da los cinco textos; int y float los convierten.",
     "xmin está medio ancho a la izquierda del centro: cx − w/2.",
     "Las x se multiplican por el ancho de la imagen y las y, por el alto."),
    checks.check_voc, a_voc,
    "¡Correcto! Ya puedes entrenar con anotaciones hechas para cualquier YOLO.",
)  # fmt: skip
ejercicio_2 = Exercise(
    2, "¿Quién responde por esta caja?",
    "La fila, la columna y el ancla a las que toca un objeto.",
    ("El centro en celdas es cx / ancho · columnas; su parte entera, la columna.",
     "min(…, columnas − 1) salva el borde.",
     "La IoU de dos formas con el mismo centro: min(w, aw) · min(h, ah) entre la unión."),
    checks.check_owner, responsable,
    "¡Correcto! Con esto y un logaritmo tienes los objetivos de la red.",
)  # fmt: skip
ejercicio_3 = Exercise(
    3, "El mejor umbral",
    "El umbral de confianza que más F1 da, y cuánto da.",
    ("Los únicos umbrales que cambian algo son las propias puntuaciones.",
     "Precisión: aciertos entre detecciones que quedan; exhaustividad: aciertos entre objetos.",
     "F1 = 2·P·R / (P + R), y 0 si no hay ningún acierto."),
    checks.check_threshold, mejor_umbral,
    "¡Correcto! La mAP resume la curva entera; esto elige el punto en el que vas a trabajar.",
)  # fmt: skip
ejercicio_4 = Exercise(
    4, "Contar sin repetir",
    "Cuántos objetos distintos pasan por un vídeo, siguiéndolos por su IoU.",
    ("Guarda las cajas del fotograma anterior y compáralas con las de este.",
     "Empareja primero las que más se solapan, y no uses ninguna dos veces.",
     "Cada caja que se queda sin pareja es un objeto nuevo."),
    checks.check_count, contar,
    "¡Correcto! Acabas de escribir un seguidor de objetos (tracker): pásale el vídeo.",
)  # fmt: skip

EXERCISES = [ejercicio_1, ejercicio_2, ejercicio_3, ejercicio_4]
