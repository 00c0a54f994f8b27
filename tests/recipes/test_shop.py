"""Tests of samples/shop, for the recipes to profile: unittest's and pytest's."""

import unittest

from shop import Shop


class TwoDays(unittest.TestCase):
    def test_nothing_is_left_to_chance(self):
        one, other = Shop(seed=3), Shop(seed=3)
        one.open(days=1, customers=6)
        other.open(days=1, customers=6)
        self.assertEqual(one.paper.hexdigest(), other.paper.hexdigest())


if __name__ == "__main__":
    unittest.main()
