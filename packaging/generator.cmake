# Read by cpack for each kind of package: which of the two programs it holds, and where it goes.
set(CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_BUILD_FOLDER};socktap;Unspecified;/")
if(CPACK_GENERATOR STREQUAL "DEB")
  list(APPEND CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_BUILD_FOLDER};socktap;program;/")
  set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
else()
  list(APPEND CPACK_INSTALL_CMAKE_PROJECTS "${CPACK_BUILD_FOLDER};socktap;static_program;/")
  string(TOLOWER "socktap-${CPACK_PACKAGE_VERSION}-${CPACK_SOCKTAP_SYSTEM}" CPACK_PACKAGE_FILE_NAME)
endif()
