"""Detección de objetos con YOLOv2, pieza a pieza (cuaderno 08).

Lo de todos los días::

    from helpers.yolo.detector import Detector
    detector = Detector(["lego"], size=208)                 # red «compact», anclas al entrenar
    history = detector.fit(train, valid, steps=1500, seed=0)
    detector.evaluate(test).map                             # mAP con IoU 0.5 (VOC)
    detector.predict("foto.jpg")                            # [Detection(label, score, xmin, …)]
    detector.video("paseo.webm", "paseo_detectado.webm", paint=boxes.paint)  # VideoResult
    detector.save("red_lego.keras")
    Detector.load("red_lego.keras")

Las piezas, en el orden en que trabajan: ``boxes`` (formatos, IoU, *letterbox* y anclas),
``pipeline`` (de fotos a lotes, con el aumento), ``network`` (las redes y el modelo), ``loss`` (qué
celda y qué ancla responden, y cuánto se aleja la red), ``decoding`` (de números a objetos, con la
NMS), ``metrics`` (AP y mAP), ``detector`` (todo junto) y ``video``.

Los tamaños son ``(alto, ancho)``; las cajas, ``corners`` (``xmin, ymin, xmax, ymax``) o ``center``
(``cx, cy, w, h``), en píxeles de la imagen, píxeles de la red o celdas, según diga cada función.
Los dibujos están en ``helpers.plotting``.

Fuentes: Redmon et al. (2016), arXiv:1506.02640; Redmon y Farhadi (2016), arXiv:1612.08242.
"""
