# The Polish dictionary and the English word list are compiled into forms.bin when the program is
# built and linked in whole.
find_path(BURZA_HUNSPELL_FOLDER pl_PL.aff PATHS /usr/share/hunspell /usr/local/share/hunspell
          /usr/share/myspell/dicts)
set(hunspell_pl "${BURZA_HUNSPELL_FOLDER}/pl_PL")
if(DEFINED ENV{BURZA_HUNSPELL_PL})
    set(hunspell_pl "$ENV{BURZA_HUNSPELL_PL}")
endif()
set(BURZA_HUNSPELL_PL "${hunspell_pl}" CACHE STRING
    "Polish hunspell dictionary in ISO 8859-2, without .aff and .dic")
if(NOT EXISTS "${BURZA_HUNSPELL_PL}.aff" OR NOT EXISTS "${BURZA_HUNSPELL_PL}.dic")
    message(FATAL_ERROR "no Polish hunspell dictionary at ${BURZA_HUNSPELL_PL}.aff: install "
                        "hunspell-pl or set BURZA_HUNSPELL_PL")
endif()
find_file(BURZA_ENGLISH_WORDS american-english PATHS /usr/share/dict /usr/local/share/dict
          DOC "English words, one a line" NO_DEFAULT_PATH)
if(NOT BURZA_ENGLISH_WORDS OR NOT EXISTS "${BURZA_ENGLISH_WORDS}")
    message(FATAL_ERROR "no list of English words at /usr/share/dict/american-english: "
                        "install wamerican or set BURZA_ENGLISH_WORDS to a file with one word a line")
endif()

get_target_property(text_sources burza_text SOURCES)
list(FILTER text_sources EXCLUDE REGEX "compile_[a-z]+\\.c$")
set_property(TARGET burza_text PROPERTY SOURCES ${text_sources})

burza_generator(compile_forms)
add_executable(compile_forms ${CMAKE_CURRENT_SOURCE_DIR}/stages/text/compile_forms.c
               ${CMAKE_CURRENT_SOURCE_DIR}/stages/text/dictionary.c)
target_link_libraries(compile_forms PRIVATE burza_flags)
set(forms_folder ${CMAKE_CURRENT_BINARY_DIR}/text)
file(MAKE_DIRECTORY ${forms_folder})
add_custom_command(
    OUTPUT ${forms_folder}/forms.bin
    COMMAND ${CMAKE_COMMAND} -E env ASAN_OPTIONS=detect_leaks=0 ${compile_forms_program}
            ${BURZA_HUNSPELL_PL}.aff ${BURZA_HUNSPELL_PL}.dic ${BURZA_ENGLISH_WORDS}
            ${forms_folder}/forms.bin
    DEPENDS ${compile_forms_built} ${BURZA_HUNSPELL_PL}.aff ${BURZA_HUNSPELL_PL}.dic ${BURZA_ENGLISH_WORDS}
    COMMENT "Compiling the dictionaries")
set(forms_source ${CMAKE_CURRENT_SOURCE_DIR}/stages/text/forms_bin.S)
set_source_files_properties(${forms_source} PROPERTIES
    COMPILE_OPTIONS "-I${forms_folder}" OBJECT_DEPENDS ${forms_folder}/forms.bin)
target_sources(burza_text PRIVATE ${forms_source})
