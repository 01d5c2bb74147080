"""La sala del cuaderno 05: la red del artículo, los repartos, la evaluación y la calibración."""

import keras
import numpy as np
import pytest
from sklearn.metrics import classification_report, log_loss

from helpers.classification import (
    augmentation,
    baselines,
    evaluation,
    network,
    published,
    splits,
    throughput,
    training,
)
from helpers.nets import calibration

RNG = np.random.default_rng(0)


def toy(n=120, classes=3, size=(21, 28)):
    """Imágenes fáciles: cada clase, de un color, en clips de cinco."""
    rng = np.random.default_rng(1)
    labels = np.repeat(np.arange(classes), n // classes)
    colours = rng.integers(40, 215, (classes, 3))
    noise = rng.normal(0, 12, (len(labels), *size, 3))
    images = np.clip(colours[labels][:, None, None] + noise, 0, 255).astype("uint8")
    return images, labels, np.arange(len(labels)) // 5


class TestArticle:
    def test_exactly_the_published_parameters(self):
        model = published.build()
        assert model.count_params() == 158_954
        assert [layer.count_params() for layer in model.layers if layer.weights] == [
            896,
            157_728,
            330,
        ]
        assert model.layers[2].output.shape == (None, 11, 14, 32)

    def test_other_sizes_and_classes(self):
        model = published.build((32, 32, 1), 4)
        assert model.output_shape == (None, 4) and model.input_shape == (None, 32, 32, 1)

    @pytest.mark.parametrize("start", [0.0, 0.1])
    def test_adagrad_follows_the_formula_for_several_steps(self, start):
        """Contra una versión de NumPy escrita a partir de la fórmula."""
        gradients = RNG.normal(0, 0.05, (20, 4))
        weight = keras.Variable(np.zeros(4, "float32"))
        optimizer = published.optimizer(start)
        expected, total = np.zeros(4), np.full(4, start)
        for step, gradient in enumerate(gradients):
            optimizer.apply([keras.ops.convert_to_tensor(gradient.astype("float32"))], [weight])
            total += gradient**2
            rate = 1e-3 / (1 + 1e-5 * step)
            expected -= rate * gradient / np.sqrt(total + 1e-7)
        np.testing.assert_allclose(keras.ops.convert_to_numpy(weight), expected, rtol=1e-4)

    def test_the_old_accumulator_makes_a_first_step_of_the_whole_rate(self):
        np.testing.assert_allclose(published.first_step([0.05, -0.3]), [1e-3, -1e-3], rtol=1e-3)
        assert abs(published.first_step(0.01, 0.1)) < 1e-3 / 30

    def test_published_counts_come_from_the_loop(self):
        true = [9768, *published.COUNTS[1:-1], 7125]
        assert published.published_counts(true) == list(published.COUNTS)
        for counts in ([3, 1, 2], [1, 1], [5, 5, 5, 5]):
            found = published.published_counts(counts)
            assert sum(found) == sum(counts)
            assert found == [counts[0] + 1, *counts[1:-1], counts[-1] - 1]


class TestSplits:
    def test_random_keeps_proportions_and_loses_nothing(self):
        labels = RNG.choice(4, 2000, p=[0.4, 0.3, 0.2, 0.1])
        split = splits.at_random(labels, 3)
        everything = np.concatenate([split.train, split.valid, split.test])
        assert sorted(everything.tolist()) == list(range(2000))
        assert split.sizes() == (1280, 320, 400)
        for part in (split.train, split.valid, split.test):
            share = np.bincount(labels[part]) / len(part)
            np.testing.assert_allclose(share, np.bincount(labels) / 2000, atol=0.005)

    @pytest.mark.parametrize("seed", range(5))
    def test_by_clip_never_divides_a_clip(self, seed):
        sizes = RNG.integers(3, 20, 150)
        groups = np.repeat(RNG.permutation(1000)[:150], sizes)
        labels = np.repeat(RNG.integers(0, 5, 150), sizes)
        split = splits.by_clip(labels, groups, seed)
        parts = [split.train, split.valid, split.test]
        assert sorted(np.concatenate(parts).tolist()) == list(range(len(labels)))
        seen = [set(groups[part].tolist()) for part in parts]
        assert not (seen[0] & seen[1] or seen[0] & seen[2] or seen[1] & seen[2])
        assert all(set(labels[part]) == set(labels) for part in parts)
        np.testing.assert_allclose(
            np.array(split.sizes()) / len(labels), [0.64, 0.16, 0.2], atol=0.05
        )

    def test_the_seed_decides(self):
        images, labels, groups = toy(300)
        first, again, other = (splits.by_clip(labels, groups, s) for s in (0, 0, 1))
        assert np.array_equal(first.test, again.test) and not np.array_equal(first.test, other.test)

    def test_bad_input(self):
        images, labels, groups = toy()
        with pytest.raises(ValueError, match="at_random"):
            splits.by_clip(labels, None)
        with pytest.raises(ValueError, match="deben casar"):
            splits.by_clip(labels, groups[:-1])
        with pytest.raises(ValueError, match="menos de 5 clips"):
            splits.by_clip(labels, labels)
        with pytest.raises(ValueError, match="Solo hay una clase"):
            splits.at_random(np.zeros(30, int))
        with pytest.raises(ValueError, match="tiene 2 imágenes"):
            splits.at_random([0] * 20 + [1] * 2)

    def test_subset_of_long_clips_can_still_be_split_by_clip(self):
        """Diez clases de diez vídeos largos: sin vídeos enteros, pero con todos y sin fugas."""
        groups = np.repeat(np.arange(100), 60)
        labels = groups // 10
        kept = splits.subset(labels, 1200)
        assert np.bincount(labels[kept]).tolist() == [120] * 10
        assert len(np.unique(groups[kept])) == 100
        split = splits.by_clip(labels[kept], groups[kept])
        parts = [set(groups[kept][part]) for part in (split.train, split.valid, split.test)]
        assert not (parts[0] & parts[1] or parts[0] & parts[2] or parts[1] & parts[2])

    @pytest.mark.parametrize("limit", [1, 90, 295, 299])
    def test_subset_keeps_proportions_and_repeats(self, limit):
        labels = np.repeat([0, 1, 2], [200, 90, 10])
        kept = splits.subset(labels, limit, 3)
        assert len(kept) == limit == len(set(kept)) and (np.diff(kept) > 0).all()
        share = np.bincount(labels[kept], minlength=3)
        np.testing.assert_allclose(share, np.array([200, 90, 10]) * limit / 300, atol=1)
        assert np.array_equal(kept, splits.subset(labels, limit, 3))
        assert limit == 1 or not np.array_equal(kept, splits.subset(labels, limit, 4))

    def test_subset_of_few_images_is_everything(self):
        labels = np.arange(300) % 3
        for limit in (None, 300, 5000):
            assert splits.subset(labels, limit).tolist() == list(range(300))


class TestEvaluation:
    def test_report_is_the_one_of_scikit_learn(self):
        labels, predicted = RNG.integers(0, 4, 300), RNG.integers(0, 3, 300)
        table = evaluation.report(labels, predicted, list("abcd"))
        wanted = classification_report(labels, predicted, output_dict=True, zero_division=0)
        for k, name in enumerate("abcd"):
            values = [wanted[str(k)][c] for c in ("precision", "recall", "f1-score", "support")]
            np.testing.assert_allclose(table.loc[name], values)

    def test_confusion_keeps_missing_classes(self):
        matrix = evaluation.confusion([0, 0, 2], [0, 2, 2], 4)
        assert matrix.shape == (4, 4) and matrix[0].tolist() == [1, 0, 1, 0] and matrix.sum() == 3

    def test_top_confusions_adds_both_ways(self):
        matrix = np.array([[5, 3, 0], [4, 5, 1], [0, 0, 9]])
        table = evaluation.top_confusions(matrix, ["a", "b", "c"], 2)
        assert table["pareja"].tolist() == ["a ↔ b", "b ↔ c"]
        assert table["imágenes"].tolist() == [7, 1]
        assert table["fracción"][0] == pytest.approx(7 / 18, abs=1e-3)

    def test_pick_one_per_clip(self):
        groups = np.arange(100) // 10
        chosen = evaluation.pick(np.arange(100) % 2 == 0, 9, groups=groups)
        assert len(chosen) == 9 == len(set(groups[chosen])) and (chosen % 2 == 0).all()
        assert len(evaluation.pick(np.zeros(5, bool))) == 0

    def test_probabilities_instead_of_classes(self):
        with pytest.raises(ValueError, match="argmax"):
            evaluation.report([0, 1], [[0.2, 0.8], [0.5, 0.5]], ["a", "b"])


class TestCalibration:
    def test_by_hand(self):
        probabilities = np.array([[0.95, 0.05]] * 4 + [[0.35, 0.65]] * 2)
        measure = calibration.reliability(probabilities, [0, 0, 0, 1, 1, 0])
        assert measure.count.tolist() == [0] * 6 + [2, 0, 0, 4]
        assert measure.error() == pytest.approx((4 * 0.20 + 2 * 0.15) / 6)

    def test_perfect_and_certain(self):
        measure = calibration.reliability(np.eye(3), [0, 1, 2])
        assert measure.error() == 0 and measure.count[-1] == 3

    def test_temperature_undoes_overconfidence(self):
        """Probabilidades honradas, exageradas con los logits por 3: la temperatura es 3."""
        honest = RNG.dirichlet(np.ones(4), 4000)
        labels = np.array([RNG.choice(4, p=row) for row in honest])
        loud = calibration.cool(honest, 1 / 3)
        assert calibration.fit_temperature(loud, labels) == pytest.approx(3, rel=0.1)
        before, after = (calibration.reliability(p, labels).error()
                         for p in (loud, calibration.cool(loud, 3)))  # fmt: skip
        assert after < 0.03 < before

    def test_cooling_keeps_the_order_and_lowers_the_loss(self):
        loud = calibration.cool(RNG.dirichlet(np.ones(5), 500), 0.3)
        labels = RNG.integers(0, 5, 500)
        heat = calibration.fit_temperature(loud, labels)
        cooled = calibration.cool(loud, heat)
        assert (cooled.argmax(1) == loud.argmax(1)).all()
        np.testing.assert_allclose(cooled.sum(1), 1)
        classes = list(range(5))
        assert log_loss(labels, cooled, labels=classes) < log_loss(labels, loud, labels=classes)

    def test_bad_input(self):
        with pytest.raises(ValueError, match="logits"):
            calibration.reliability([[2.0, 3.0]], [0])
        with pytest.raises(ValueError, match="n etiquetas"):
            calibration.reliability([[0.5, 0.5]], [0, 1])
        with pytest.raises(ValueError, match="positiva"):
            calibration.cool([[0.5, 0.5]], 0)


class TestTraining:
    def test_both_networks_learn_something_easy(self):
        images, labels, _ = toy(150, size=(10, 12))
        for recipe in (network.Recipe(epochs=6, batch=16), network.Recipe(
            architecture="article", optimizer="adagrad", augmentation=None, epochs=6, batch=16
        )):  # fmt: skip
            trained = training.train(recipe, images, labels, 3)
            assert training.accuracy(trained.model, images, labels) > 0.8
            assert len(trained.history["loss"]) == 6 and trained.seconds > 0

    def test_same_seed_same_network(self):
        images, labels, _ = toy(60, size=(8, 9))
        recipe = network.Recipe(epochs=1, batch=30, augmentation="imgaug", widths=(4,))
        first, again = (training.train(recipe, images, labels, 3, seed=4) for _ in range(2))
        a, b = (training.probabilities(t.model, images) for t in (first, again))
        np.testing.assert_allclose(a, b, atol=1e-5)

    def test_bad_input(self):
        images, labels, _ = toy(60)
        with pytest.raises(ValueError, match="dividirlas"):
            training.scaled(images / 255)
        with pytest.raises(ValueError, match="deben casar"):
            training.train(network.IMPROVED, images, labels[:-1], 3)
        with pytest.raises(ValueError, match="van de 0 a 1"):
            training.train(network.IMPROVED, images, labels, 2)
        with pytest.raises(ValueError, match="augmentation='magia'"):
            network.Recipe(augmentation="magia")

    def test_augmentation_only_when_training(self):
        layers = augmentation.keras_layers()
        batch = RNG.random((4, 21, 28, 3)).astype("float32")
        np.testing.assert_array_equal(layers(batch, training=False), batch)
        changed = keras.ops.convert_to_numpy(layers(batch, training=True))
        assert changed.shape == batch.shape and not np.allclose(changed, batch)
        assert changed.min() >= 0 and changed.max() <= 1

    def test_imgaug_batches_cover_everything_once(self):
        images, labels, _ = toy(50, classes=2)
        batches = augmentation.ImgaugBatches(images, np.arange(50), batch=16)
        seen = np.concatenate([batches[k][1] for k in range(len(batches))])
        assert sorted(seen.tolist()) == list(range(50)) and len(batches) == 4
        pixels = batches[0][0]
        assert pixels.dtype == np.float32 and 0 <= pixels.min() and pixels.max() <= 1

    def test_flops_by_hand(self):
        assert throughput.flops(published.build()) == 2 * (588 * 27 * 32 + 4928 * 32 + 320)


class TestBaselines:
    def test_nearest_is_the_one_of_scikit_learn(self):
        from sklearn.neighbors import NearestNeighbors

        train, test = (RNG.integers(0, 256, (n, 4, 5, 3)).astype("uint8") for n in (200, 600))
        found, distance = baselines.nearest(train, test)
        tree = NearestNeighbors(n_neighbors=1).fit(train.reshape(200, -1).astype(float))
        wanted, index = tree.kneighbors(test.reshape(600, -1).astype(float))
        assert np.array_equal(found, index[:, 0])
        np.testing.assert_allclose(distance, wanted[:, 0] / np.sqrt(60), rtol=1e-3)

    def test_majority_and_linear(self):
        images, labels, _ = toy()
        assert baselines.majority([1, 1, 0], [1, 0, 1, 1]) == 0.75
        assert baselines.linear(images, labels, images, labels) > 0.95


class TestSchedule:
    def test_rises_and_falls_to_zero(self):
        plan = network.schedule(network.IMPROVED, 100)
        rates = np.array([float(plan(step)) for step in range(101)])
        assert rates.argmax() == 10 and rates.max() == pytest.approx(network.IMPROVED.learning_rate)
        assert (np.diff(rates[:11]) > 0).all() and (np.diff(rates[10:]) < 0).all()
        assert rates[-1] == pytest.approx(0, abs=1e-9)

    def test_constant(self):
        assert network.schedule(network.Recipe(schedule="constant", learning_rate=0.1), 9) == 0.1
