#!/bin/sh
# The program, with names as files have them.
exec "$PROFVIZ" --demangle none "$@"
