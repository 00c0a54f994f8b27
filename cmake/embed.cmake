# Makes a C file of the scripts and the style that go into interactive SVGs:
#   cmake -DFOLDER=render/svg -DOUT=svg_assets.c -P embed.cmake

# add_array(NAME FILE): the file's text, without lines that are comments, as a C array with its SHA-256,
# appended to `source`.
function(add_array name file)
  file(READ ${file} text)
  string(REGEX REPLACE "\n[ ]*/[*][^\n]*" "" text "\n${text}")
  string(STRIP "${text}" text)
  file(WRITE ${OUT}.part "${text}")
  file(READ ${OUT}.part hex HEX)
  file(SHA256 ${OUT}.part sha256)
  file(REMOVE ${OUT}.part)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "'\\\\x\\1'," bytes "${hex}")
  string(REGEX REPLACE "('..0a',)" "\\1\n" bytes "${bytes}")
  string(APPEND source "static const char ${name}_bytes[] = {\n${bytes}\n};\n"
         "const struct pv_text pv_svg_${name} = {${name}_bytes, sizeof ${name}_bytes};\n"
         "const char pv_svg_${name}_sha256[65] = \"${sha256}\";\n")
  set(source "${source}" PARENT_SCOPE)
endfunction()

set(source "#include \"render/svg_assets.h\"\n\n")
add_array(tree ${FOLDER}/tree.min.js)
add_array(graph ${FOLDER}/graph.min.js)
add_array(style ${FOLDER}/live.css)
file(WRITE ${OUT} "${source}")
