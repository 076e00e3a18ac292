# Every text that is shown is read sign by sign: here the vectoriser pays.
set_source_files_properties(${CMAKE_SOURCE_DIR}/stages/mask/mask.c ${CMAKE_SOURCE_DIR}/stages/mask/skeleton.c
    TARGET_DIRECTORY burza_mask PROPERTIES COMPILE_OPTIONS "$<$<CONFIG:Release>:-O3>")
