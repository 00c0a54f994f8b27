# Makes a C file of the shipped trace formats:
#   cmake -DOUT=trace_sources.c "-DFILES=a.json;b.json" -P embed_specs.cmake

set(source "#include \"formats/trace_sources.h\"\n\n")
set(rows "")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} NAME_WE)
  string(MAKE_C_IDENTIFIER "${name}" symbol)
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "('..0a',)" "\\1\n" bytes "${bytes}")
  string(APPEND source "static const char ${symbol}_bytes[] = {\n${bytes}\n};\n")
  string(APPEND rows "    {\"${name}\", {${symbol}_bytes, sizeof ${symbol}_bytes}},\n")
endforeach()
string(APPEND source "\nstatic const struct pv_trace_source sources[] = {\n${rows}    {0},\n};\n\n"
       "const struct pv_trace_source *pv_trace_sources(void)\n{\n    return sources;\n}\n")
file(WRITE ${OUT} "${source}")
