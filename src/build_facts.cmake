# Writes build_facts.h, only when something changed, so that a build without changes does nothing.
execute_process(COMMAND git -C ${SOURCE} describe --always --dirty --abbrev=12 --exclude=*
  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
if(NOT commit)
  set(commit unknown)
endif()
file(CONFIGURE OUTPUT ${OUTPUT} CONTENT [[
#define BUILD_VERSION "@VERSION@"
#define BUILD_COMMIT "@commit@"
#define BUILD_COMPILER "@COMPILER@"
#define BUILD_FLAGS "@FLAGS@"
]] @ONLY)
