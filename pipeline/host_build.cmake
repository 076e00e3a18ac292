# Generators: programs that run while burza is built, on the machine that builds. Where burza is built for
# another kind of machine they come from a build for this one: BURZA_HOST_BUILD, the folder of a
# native build of the same sources, or one of the two compilers alone that is made here (it needs the native
# libutf8proc and libcrypto beside those of the other machine).
#
# burza_generator(NAME): sets NAME_program, a command for COMMAND, and NAME_built, what a rule that
# uses it depends on. Without cross-compiling both are the target NAME. burza itself, which writes its own
# man page and completions, is a generator only with BURZA_HOST_BUILD; NAME_program is "" otherwise.
if(CMAKE_CROSSCOMPILING)
    set(BURZA_HOST_BUILD "" CACHE PATH "A native build of the same sources, for its generators")
    set(host_folder "${BURZA_HOST_BUILD}")
    if(NOT host_folder)
        include(ExternalProject)
        set(host_folder ${CMAKE_BINARY_DIR}/host)
        # what the environment says of the other machine is wrong here
        set(clean ${CMAKE_COMMAND} -E env)
        foreach(name CC CXX CFLAGS CXXFLAGS CPPFLAGS LDFLAGS PKG_CONFIG PKG_CONFIG_PATH PKG_CONFIG_LIBDIR
                PKG_CONFIG_SYSROOT_DIR CMAKE_TOOLCHAIN_FILE)
            list(APPEND clean --unset=${name})
        endforeach()
        ExternalProject_Add(host_build
            SOURCE_DIR ${CMAKE_SOURCE_DIR}
            BINARY_DIR ${host_folder}
            CONFIGURE_COMMAND ${clean} ${CMAKE_COMMAND} -G ${CMAKE_GENERATOR} -S <SOURCE_DIR> -B <BINARY_DIR>
                -DCMAKE_BUILD_TYPE=Release -DBURZA_GENERATORS_ONLY=ON
            BUILD_COMMAND ${clean} ${CMAKE_COMMAND} --build <BINARY_DIR> --target compile_forms compile_lexicons
            BUILD_ALWAYS TRUE
            INSTALL_COMMAND ""
            BUILD_BYPRODUCTS ${host_folder}/compile_forms ${host_folder}/compile_lexicons)
    elseif(NOT EXISTS "${host_folder}/compile_lexicons")
        message(FATAL_ERROR "BURZA_HOST_BUILD: there is no ${host_folder}/compile_lexicons; make a native "
                            "build there first, or leave the setting out")
    endif()
endif()

function(burza_generator name)
    if(NOT CMAKE_CROSSCOMPILING)
        set(${name}_program $<TARGET_FILE:${name}> PARENT_SCOPE)
        set(${name}_built ${name} PARENT_SCOPE)
    elseif(BURZA_HOST_BUILD)
        set(${name}_program ${host_folder}/${name} PARENT_SCOPE)
        set(${name}_built ${host_folder}/${name} PARENT_SCOPE)
    elseif(name STREQUAL burza)
        set(${name}_program "" PARENT_SCOPE)
    else()
        set(${name}_program ${host_folder}/${name} PARENT_SCOPE)
        set(${name}_built host_build ${host_folder}/${name} PARENT_SCOPE)
    endif()
endfunction()
