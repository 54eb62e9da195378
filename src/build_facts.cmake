# Writes build_facts.h, only when something changed, so that a build without changes does nothing.
#
# The commit comes from git; in a tarball made by `git archive` from the line below, which git then
# fills in (.gitattributes); in any other copy it is unknown. The repository must be this folder
# itself: a tarball unpacked inside another repository is not at that repository's commit.
set(commit_of_archive "$Format:%H$")

execute_process(COMMAND git -C ${SOURCE} rev-parse --show-prefix
  OUTPUT_VARIABLE prefix OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
if(commit_of_archive MATCHES "^[0-9a-f]+$")
  string(SUBSTRING "${commit_of_archive}" 0 12 commit)
elseif(NOT failed AND prefix STREQUAL "")
  execute_process(COMMAND git -C ${SOURCE} describe --always --abbrev=12 --exclude=*
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  # Dirty is what the program is made of: a summary written to results/ changes nothing in it.
  execute_process(COMMAND git -C ${SOURCE} diff --quiet HEAD -- src CMakeLists.txt CMakePresets.json
    RESULT_VARIABLE changed ERROR_QUIET)
  if(commit AND changed EQUAL 1)
    string(APPEND commit -dirty)
  endif()
endif()
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} ESCAPE_QUOTES @ONLY CONTENT [[
#define BUILD_VERSION "@VERSION@"
#define BUILD_COMMIT "@commit@"
#define BUILD_COMPILER "@COMPILER@"
#define BUILD_FLAGS "@FLAGS@"
]])
