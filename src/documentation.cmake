# Writes the pages of the manual and the completion of shells, by the program that they are about.
# PROGRAM is its path and OUTPUT the folder, laid out as below share/.
function(write_from file) # ARGUMENT...
  execute_process(COMMAND ${PROGRAM} ${ARGN} OUTPUT_FILE ${OUTPUT}/${file} RESULT_VARIABLE failed)
  if(failed)
    message(FATAL_ERROR "${PROGRAM} ${ARGN}: ${failed}")
  endif()
endfunction()

file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT}/man1 ${OUTPUT}/bash-completion/completions
  ${OUTPUT}/zsh/site-functions ${OUTPUT}/fish/vendor_completions.d)
write_from(bash-completion/completions/descent completion bash)
write_from(zsh/site-functions/_descent completion zsh)
write_from(fish/vendor_completions.d/descent.fish completion fish)
write_from(man1/descent.1 man)
execute_process(COMMAND ${PROGRAM} list commands OUTPUT_VARIABLE commands)
string(REGEX MATCHALL "(^|\n)[a-z-]+" commands "${commands}")
foreach(command IN LISTS commands)
  string(STRIP "${command}" command)
  write_from(man1/descent-${command}.1 man ${command})
endforeach()
