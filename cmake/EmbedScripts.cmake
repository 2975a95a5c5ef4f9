# Writes a header that holds the text of each script as a string literal:
#   cmake -DOUTPUT=header -DSCRIPTS="a.stp;b.stp" -P EmbedScripts.cmake
set(text "// Generated from scripts.\n#pragma once\n\n#include <string_view>\n\nnamespace socktap::shipped {\n\n")
foreach(script IN LISTS SCRIPTS)
  get_filename_component(name ${script} NAME_WE)
  file(READ ${script} content)
  string(APPEND text "inline constexpr std::string_view ${name}_stp = R\"stp(${content})stp\";\n\n")
endforeach()
string(APPEND text "}  // namespace socktap::shipped\n")
file(WRITE ${OUTPUT} "${text}")
