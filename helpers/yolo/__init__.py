"""Detección de objetos con YOLOv2, pieza a pieza (cuaderno 08).

Lo de todos los días::

    from helpers.yolo.detector import Detector
    detector = Detector(["lego"], size=208)                 # red «compact», anclas al entrenar
    history = detector.fit(train, valid, epochs=50, seed=0, checkpoint_dir="puntos")
    detector.evaluate(test).map                             # mAP con IoU 0.5 (VOC)
    detector.predict("foto.jpg")                            # [Detection(label, score, xmin, …)]
    detector.video("paseo.webm", "paseo_detectado.webm", paint=boxes.paint)  # VideoResult
    detector.save("red_lego.keras")
    Detector.load("red_lego.keras")

Los tamaños son ``(alto, ancho)``; las cajas, ``corners`` (``xmin, ymin, xmax, ymax``) o ``center``
(``cx, cy, w, h``), en píxeles de la imagen, píxeles de la red o celdas, según diga cada función.

========================  =======================================================================
``boxes``                 ``iou(a, b)``, ``pairwise_iou(a, b)``, ``ciou(a, b)``, ``area``,
                          ``center_to_corners``, ``shape_iou(sizes, anchors)``
``anchors``               ``kmeans(sizes, k=5, seed=0) → AnchorFit(anchors, assignment, mean_iou)``,
                          ``mean_iou(sizes, anchors)``, ``mean_iou_by_k(sizes, ks)``
``letterbox``             ``letterbox(image, size) → (image, Letterbox)``: ``.forward``…
``targets``               ``encode(boxes, classes, anchors, grid_shape, n_classes) → Encoded(grid,
                          moved, lost)``, ``decode(grid)``, ``pad(boxes, classes, capacity)``
``augmentation``          ``article_pipeline(seed)`` + ``augment_imgaug(pipeline, image, corners,
                          classes)``
``geometry``              ``Policy(scale, shift, flip, mosaic…)``, ``augment(samples, size, …)``
``network``               ``build("compact"|"full"|"mobilenet", size, anchors, classes)``,
                          ``backbone_parameters(model)``, ``convolutions(model)``, ``grid_shape``
``loss``                  ``YoloLoss(anchors, …)``; ``.terms(grid, boxes, raw) → {término: (B,)}``
``decoding``              ``activate(raw, anchors)``, ``candidates(raw, anchors, size, score)``,
                          ``inverse(boxes, anchors)``
``nms``                   ``nms(corners, scores, iou_threshold)``, ``select(corners, scores, …)``
``metrics``               ``evaluate(truths, detections, labels, iou, style) → Evaluation(.ap,
                          .map, .curves)``, ``coco_summary(…) → {AP, AP50, AP75}``
``model``                 ``YoloModel``: red, etiquetas y anclas; ``.network``, ``.size``,
                          ``.anchors`` (px), ``.cell_anchors``, ``.grid_shape``, ``.stride``
``pipeline``              ``Samples(annotations, labels, size)`` (``.sizes()`` para las anclas),
                          ``Batches(samples, model, batch, policy, seed, epoch)``
``training``              ``Settings`` (``epochs, batch, repeats, learning_rate, seed, xla…``)
``checkpoint``            ``save(model, path, state)``, ``load(path) → (model, state)``
``detector``              ``Detector(labels, anchors=None, size=208, architecture="compact",
                          loss=None, options=None, precision="float32", strategy=None)``;
                          ``fit``, ``evaluate``, ``collect``, ``predict``, ``video``, ``save``
``video``                 ``detect_frames(detector, source)``, ``detect_video(detector, …)``
========================  =======================================================================

Dibujos: ``helpers.plotting.boxes`` (``show_boxes``, ``gallery``, ``paint``) y
``helpers.plotting.detection`` (``precision_recall``, ``show_grid``, ``show_anchors``…); notas y
curvas, en ``helpers.plotting.grades``.

Fuentes: Redmon et al. (2016), arXiv:1506.02640; Redmon y Farhadi (2016), arXiv:1612.08242.
"""
