# Answers of this build are the answers of golden/questions.jsonl.
execute_process(COMMAND ${PROGRAM} 2 ${ROOT}/tests/examples/feedback.csv
  OUTPUT_FILE ${BINARY}/questions.jsonl RESULT_VARIABLE failed)
if(failed)
  message(FATAL_ERROR "kundig_questions failed: ${failed}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${BINARY}/questions.jsonl
  ${ROOT}/tests/golden/questions.jsonl RESULT_VARIABLE differs)
if(differs)
  message(FATAL_ERROR "${BINARY}/questions.jsonl is not tests/golden/questions.jsonl")
endif()
