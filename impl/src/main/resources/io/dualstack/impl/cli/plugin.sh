#!/bin/sh
# A CNI plugin, made by "dualstack cni install". It has the cell's daemon do its work when that
# listens on its socket; a virtual machine is started only when it doesn't. Garden's networker always
# works by itself: what it mounts is to be seen where Guardian sees it, which the daemon may not.
socket='@SOCKET@'
plugin=${0##*/}
[ "$plugin" != garden-external-networker ] || socket=
set -- '@JAVA@' -Xshare:auto '-XX:SharedArchiveFile=@ARCHIVE@' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC @SPAWNING@ \
  -cp '@JAR@' io.dualstack.impl.cli.PluginMain "$plugin" "$@"
if [ -S "$socket" ] && command -v perl > /dev/null; then
  exec perl -e '
    use strict;
    use Socket;
    my ($socket, $plugin, @direct) = @ARGV;
    my $peer;
    if (socket($peer, PF_UNIX, SOCK_STREAM, 0) && connect($peer, sockaddr_un($socket))) {
      local $/;
      my $call = join("", map { "$_=$ENV{$_}\0" } grep { /^CNI_|^PATH$/ } keys %ENV);
      $call .= "DUALSTACK_PLUGIN=$plugin\0\0" . ($ENV{CNI_COMMAND} eq "VERSION" ? "" : <STDIN> // "");
      for (my $sent = 0; $sent < length($call);) {
        my $more = syswrite($peer, $call, length($call) - $sent, $sent);
        last unless defined $more;
        $sent += $more;
      }
      shutdown($peer, 1);
      my $answer = <$peer> // "";
      if ($answer =~ s/^(\d+)\n//) {
        print $answer;
        exit $1;
      }
      print "{\"code\":11,\"msg\":\"the daemon ended while it was called\"}";
      exit 1;
    }
    exec @direct;
  ' "$socket" "$plugin" "$@"
fi
exec "$@"
