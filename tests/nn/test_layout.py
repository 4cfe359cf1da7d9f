"""Where the parameters lie."""

import numpy as np

from nonlin.nn.layout import Layout


def test_the_table_and_the_size():
    layout = Layout((3, 5, 4, 2))
    np.testing.assert_array_equal(layout.table, [[0, 15, 3, 5, 0], [20, 40, 5, 4, 5], [44, 52, 4, 2, 9]])
    assert layout.table.dtype == np.int64
    assert layout.size == 54
    assert Layout((2, 200, 1)).size == 801


def test_weights_and_biases_are_views_that_tile_the_buffer():
    layout = Layout((3, 5, 4, 2))
    theta = np.zeros(layout.size)
    for i, part in enumerate([*layout.weights(theta), *layout.biases(theta)], start=1):
        assert (part == 0).all()
        part[...] = i
    assert [W.shape for W in layout.weights(theta)] == [(3, 5), (5, 4), (4, 2)]
    assert [b.shape for b in layout.biases(theta)] == [(5,), (4,), (2,)]
    np.testing.assert_array_equal(theta, np.repeat([1, 4, 2, 5, 3, 6], [15, 5, 20, 4, 8, 2]))


def test_a_network_without_hidden_layers():
    np.testing.assert_array_equal(Layout((4, 1)).table, [[0, 4, 4, 1, 0]])
