# Makes page_files.c: the files of the page as texts in the program (report/page/page_files.h).
#
# The assembler's .incbin includes a file as it is, which costs no time and needs no copy in the
# source; gcc and clang both know it. Names and versions of the libraries are read from the files,
# so that what is told is what is in the page.
set(PAGE_FOLDER ${CMAKE_CURRENT_LIST_DIR})
set(PAGE_SCRIPTS average state format svg chart controls answer
  folds verdict parallel curves heatmap table halving profile ends machine contents main)
set(PAGE_PATHS ${DESCENT_CHART_JS} ${DESCENT_D3_JS})
foreach(script IN LISTS PAGE_SCRIPTS)
  list(APPEND PAGE_PATHS ${PAGE_FOLDER}/page_${script}.js)
endforeach()
list(APPEND PAGE_PATHS ${PAGE_FOLDER}/page.html ${PAGE_FOLDER}/page.css)

set(number 0)
set(page_assembly "")
set(page_externs "")
set(page_rows "")
foreach(path IN LISTS PAGE_PATHS)
  get_filename_component(name ${path} NAME)
  string(APPEND page_assembly
    "        \".global page_file_${number}\\npage_file_${number}: .incbin \\\"${path}\\\"\\n.byte 0\\n\"\n")
  string(APPEND page_externs "extern const char page_file_${number}[];\n")
  string(APPEND page_rows "    {\"${name}\", page_file_${number}},\n")
  math(EXPR number "${number} + 1")
endforeach()
foreach(library CHART D3)
  file(STRINGS ${DESCENT_${library}_JS} head LIMIT_COUNT 8 LIMIT_INPUT 400)
  string(REGEX MATCH "v([0-9]+[.][0-9]+[.][0-9]+)" found "${head}")
  set(page_version_${library} "${CMAKE_MATCH_1}")
  if(NOT found)
    set(page_version_${library} unknown)
  endif()
endforeach()

file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/page_files.c @ONLY CONTENT [[
/* Made by the build: src/report/page/embed.cmake says how. */
#include "report/page/page_files.h"

__asm__(".pushsection .rodata\n"
@page_assembly@        ".popsection\n");

@page_externs@
const struct page_file page_files[] = {
@page_rows@};
const size_t page_file_count = sizeof page_files / sizeof *page_files;

const struct page_library page_libraries[PAGE_LIBRARIES] = {
    {"Chart.js", "@page_version_CHART@"},
    {"D3", "@page_version_D3@"},
};
]])
set_source_files_properties(${CMAKE_CURRENT_BINARY_DIR}/page_files.c PROPERTIES
  OBJECT_DEPENDS "${PAGE_PATHS}")
