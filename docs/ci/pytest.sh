#!/bin/sh
# pytest.sh OUT [ARGUMENTS…]: as unittest.sh, for pytest. Without its cache and plugins that were
# installed by chance, so that the same work is done every time.
set -eu
out=$1
shift
PYTHONHASHSEED=0 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 python3 -m cProfile -o "$out" -m pytest -p no:cacheprovider "$@"
