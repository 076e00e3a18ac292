# The committed truth and configuration are what the generator writes for seed 1. The archives are
# not compared: another version of bzip2 or zstd may pack the same posts into other bytes.
execute_process(COMMAND ${GENERATE} demo --seed 1 ${OUTPUT} RESULT_VARIABLE status)
if(NOT status EQUAL 0)
    message(FATAL_ERROR "generate demo failed: ${status}")
endif()
foreach(name truth.json brands.json)
    execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files ${OUTPUT}/${name} ${DEMO}/${name}
                    RESULT_VARIABLE status)
    if(NOT status EQUAL 0)
        message(FATAL_ERROR "${name} differs from datasets/demo: run 'generate demo --seed 1 datasets/demo'")
    endif()
endforeach()
