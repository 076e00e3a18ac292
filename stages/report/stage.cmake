# Scales of charts need log10 and pow.
target_link_libraries(burza_report PUBLIC m)

# The style sheet and the long texts are files, embedded when the program is built.
file(GLOB web_files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/stages/report/web/*)
target_sources(burza_report PRIVATE ${CMAKE_SOURCE_DIR}/stages/report/web.S)
set_source_files_properties(${CMAKE_SOURCE_DIR}/stages/report/web.S PROPERTIES
    OBJECT_DEPENDS "${web_files}" COMPILE_OPTIONS "-Wa,-I,${CMAKE_SOURCE_DIR}")
