# What an installation holds, and the Debian package (cpack -G DEB; it asks the program file). The man page and
# the completions are made by the program itself, from its table of options, whenever it was linked.
burza_generator(burza)
install(TARGETS burza RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
set(documents burza.1 burza.bash burza.zsh burza.fish)
set(make_documents
    COMMAND ${burza_program} help man > burza.1
    COMMAND ${burza_program} help completion bash > burza.bash
    COMMAND ${burza_program} help completion zsh > burza.zsh
    COMMAND ${burza_program} help completion fish > burza.fish)
if(NOT CMAKE_CROSSCOMPILING)
    add_custom_command(TARGET burza POST_BUILD ${make_documents} BYPRODUCTS ${documents} VERBATIM)
elseif(burza_program)
    add_custom_command(OUTPUT ${documents} ${make_documents} DEPENDS ${burza_built} VERBATIM)
    add_custom_target(documents DEPENDS ${documents})
    add_dependencies(burza documents)
else()
    message(WARNING "no man page and no completions: burza cannot run here to write them. "
                    "-DBURZA_HOST_BUILD=FOLDER names a native build that can")
endif()

if(burza_program)
    install(FILES ${CMAKE_BINARY_DIR}/burza.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
    install(FILES ${CMAKE_BINARY_DIR}/burza.bash RENAME burza
            DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    install(FILES ${CMAKE_BINARY_DIR}/burza.zsh RENAME _burza
            DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
    install(FILES ${CMAKE_BINARY_DIR}/burza.fish
            DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()
install(FILES README.md CHANGELOG.md CITATION.cff lexicons/SOURCES.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY pipeline/cluster DESTINATION ${CMAKE_INSTALL_DOCDIR} USE_SOURCE_PERMISSIONS)
install(FILES LICENSE RENAME copyright DESTINATION ${CMAKE_INSTALL_DOCDIR})

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME burza)
set(CPACK_PACKAGE_CONTACT "burza developers <burza@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "audit brands in archived social-media dumps")
set(CPACK_PACKAGE_DESCRIPTION
    "burza reads archived social-media dumps, finds every post about a brand in\nPolish and English, scores it, and finds the image crises: when each began,\nhow hard it hit and what drove it. Everything runs offline.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES TRUE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
# the libraries, as the program is linked; the time zones it opens by name
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS tzdata)
include(CPack)
