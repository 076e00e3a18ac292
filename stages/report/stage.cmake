# Scales of charts need log10 and pow.
target_link_libraries(burza_report PUBLIC m)
