# Makes a C file of the scripts and the styles that go into interactive SVGs and HTML pages:
#   cmake -DFOLDER=render -DOUT=svg_assets.c -P embed.cmake

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
  string(APPEND source "static const char ${name}_bytes[] = {\n${bytes}\n};\n")
  set(source "${source}" PARENT_SCOPE)
  set(sha256 "${sha256}" PARENT_SCOPE)
endfunction()

set(source "#include \"render/svg_assets.h\"\n\n")
set(scripts "const struct pv_svg_script pv_svg_scripts[PV_SCRIPTS] = {\n")
foreach(name tree map chart sunburst change graph)
  add_array(${name} ${FOLDER}/svg/${name}.min.js)
  string(TOUPPER ${name} slot)
  string(APPEND scripts "[PV_SCRIPT_${slot}] = {{${name}_bytes, sizeof ${name}_bytes}, \"${sha256}\"},\n")
endforeach()
add_array(style ${FOLDER}/svg/live.css)
string(APPEND source "${scripts}};\nconst struct pv_text pv_svg_style = {style_bytes, sizeof style_bytes};\n")
foreach(row "html_script page.min.js" "html_style page.min.css" "overview_script overview.min.js"
            "overview_style overview.min.css")
  separate_arguments(row)
  list(GET row 0 name)
  list(GET row 1 file)
  add_array(${name} ${FOLDER}/html/${file})
  string(APPEND source "const struct pv_svg_script pv_${name} = {{${name}_bytes, sizeof ${name}_bytes}, \"${sha256}\"};\n")
endforeach()
file(WRITE ${OUT} "${source}")
