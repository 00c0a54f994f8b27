#!/bin/sh
# silk.sh FOLDER OUT: all that django-silk kept of the requests of a test run (SILKY_PYTHON_PROFILER_BINARY
# = True, SILKY_PYTHON_PROFILER_RESULT_PATH = FOLDER) as one profile.
set -eu
profviz "$1" --to json -o "$2"
