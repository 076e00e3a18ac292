set_source_files_properties(${CMAKE_SOURCE_DIR}/stages/decode/json_fast.cc PROPERTIES
    COMPILE_OPTIONS "-fno-exceptions;-fno-rtti")
