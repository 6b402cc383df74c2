# The bundled sample is what the generator writes, byte for byte.
execute_process(COMMAND ${GENERATE} 2000 1 OUTPUT_FILE ${BINARY}/sample.csv RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "kundig_generate failed: ${failed}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${BINARY}/sample.csv ${SAMPLE}
  RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "${SAMPLE} is not what kundig_generate 2000 1 writes")
endif()
