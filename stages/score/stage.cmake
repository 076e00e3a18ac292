# The lexicons are checked, inflected and compiled when the program is built, then embedded.
set(SCORE_DIR ${CMAKE_SOURCE_DIR}/stages/score)
set(SCORE_OUT ${CMAKE_BINARY_DIR}/score)
file(MAKE_DIRECTORY ${SCORE_OUT})

burza_generator(compile_lexicons)
add_executable(compile_lexicons ${SCORE_DIR}/tool/compile_lexicons.c ${SCORE_DIR}/lexicon_source.c
    ${SCORE_DIR}/expand_lexicon.c ${SCORE_DIR}/build.c ${SCORE_DIR}/layout.c)
target_link_libraries(compile_lexicons PRIVATE burza_flags burza_text burza_common)

foreach(language pl en)
    file(GLOB lexicons CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lexicons/${language}/*.tsv
         ${CMAKE_SOURCE_DIR}/lexicons/shared/*.tsv)
    add_custom_command(OUTPUT ${SCORE_OUT}/lexicon.${language}.bin
        COMMAND ${compile_lexicons_program} ${language} ${SCORE_OUT}/lexicon.${language}.bin
            lexicons/${language} lexicons/shared
        DEPENDS ${compile_lexicons_built} ${lexicons}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
        COMMENT "Compiling the ${language} lexicon" VERBATIM)
    # Topics have a lexicon of their own: only some posts are looked up in it.
    file(GLOB topics CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/lexicons/${language}/topics/*.tsv)
    add_custom_command(OUTPUT ${SCORE_OUT}/topics.${language}.bin
        COMMAND compile_lexicons ${language} ${SCORE_OUT}/topics.${language}.bin
            lexicons/${language}/topics
        DEPENDS compile_lexicons ${topics}
        WORKING_DIRECTORY ${CMAKE_SOURCE_DIR}
        COMMENT "Compiling the topics of ${language}" VERBATIM)
    # What the program says of itself, so that it need not read megabytes whenever it starts.
    add_custom_command(OUTPUT ${SCORE_OUT}/lexicon.${language}.sha256
        COMMAND ${CMAKE_COMMAND} -E sha256sum lexicon.${language}.bin
            > lexicon.${language}.sha256
        COMMAND ${CMAKE_COMMAND} -E sha256sum topics.${language}.bin > topics.${language}.sha256
        COMMAND ${CMAKE_COMMAND} -E sha256sum ${CMAKE_SOURCE_DIR}/lexicons/models/${language}.model
            > model.${language}.sha256
        COMMAND ${CMAKE_COMMAND} -E sha256sum
            ${CMAKE_SOURCE_DIR}/lexicons/models/${language}.topics.model
            > topics.model.${language}.sha256
        DEPENDS ${SCORE_OUT}/lexicon.${language}.bin ${SCORE_OUT}/topics.${language}.bin
            ${CMAKE_SOURCE_DIR}/lexicons/models/${language}.model
            ${CMAKE_SOURCE_DIR}/lexicons/models/${language}.topics.model
        BYPRODUCTS ${SCORE_OUT}/model.${language}.sha256 ${SCORE_OUT}/topics.${language}.sha256
            ${SCORE_OUT}/topics.model.${language}.sha256
        WORKING_DIRECTORY ${SCORE_OUT} VERBATIM)
endforeach()

target_sources(burza_score PRIVATE ${SCORE_DIR}/builtin.S)
set_source_files_properties(${SCORE_DIR}/builtin.S TARGET_DIRECTORY burza_score PROPERTIES
    COMPILE_OPTIONS "-I${SCORE_OUT};-I${CMAKE_SOURCE_DIR}/lexicons/models"
    OBJECT_DEPENDS "${SCORE_OUT}/lexicon.pl.bin;${SCORE_OUT}/lexicon.en.bin;${SCORE_OUT}/topics.pl.bin;${SCORE_OUT}/topics.en.bin;${SCORE_OUT}/lexicon.pl.sha256;${SCORE_OUT}/lexicon.en.sha256;${CMAKE_SOURCE_DIR}/lexicons/models/pl.model;${CMAKE_SOURCE_DIR}/lexicons/models/en.model;${CMAKE_SOURCE_DIR}/lexicons/models/pl.topics.model;${CMAKE_SOURCE_DIR}/lexicons/models/en.topics.model")
# The loops over weights and items are short and hot: here the vectoriser pays. Their records are
# cleared by plain stores: gcc's choice, rep stos, takes longer to begin than to finish.
set(SCORE_HOT "$<$<CONFIG:Release>:-O3>")
if(CMAKE_C_COMPILER_ID STREQUAL "GNU" AND CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    list(APPEND SCORE_HOT "-mmemset-strategy=unrolled_loop:512:noalign,libcall:-1:noalign")
endif()
set_source_files_properties(${SCORE_DIR}/word_table.c ${SCORE_DIR}/ngrams.c ${SCORE_DIR}/model.c ${SCORE_DIR}/collect_items.c
    ${SCORE_DIR}/rules.c ${SCORE_DIR}/features.c ${SCORE_DIR}/topic_cues.c ${SCORE_DIR}/topic_model.c ${SCORE_DIR}/decide_stage.c
    ${SCORE_DIR}/joint_table.c TARGET_DIRECTORY burza_score PROPERTIES
    COMPILE_OPTIONS "${SCORE_HOT}")
