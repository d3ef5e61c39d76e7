extension Abuse {
    /// Leaks: what a job must not find. Each asserts that it is not there.
    static let leaks: [Abuse] = [
        Abuse(
            "the server's environment", [.completes],
            "import os\nassert not [k for k in os.environ if k.startswith('ROOST')]\nassert b's3cret' not in open('/proc/self/environ', 'rb').read()"
        ),
        Abuse(
            "inherited descriptors", [.completes],
            """
            import os, stat
            for n in os.listdir('/proc/self/fd'):
                try: mode = os.fstat(int(n)).st_mode
                except OSError: continue
                assert int(n) <= 3 or stat.S_ISDIR(mode), n
            """),
        Abuse(
            "the state of an earlier job", [.completes],
            """
            import builtins, os, sys
            assert not hasattr(builtins, 'earlier') and 'EARLIER' not in os.environ and os.listdir('.') == []
            assert 'earlier' not in sys.modules and 'earlier' not in globals()
            builtins.earlier = earlier = sys.modules['earlier'] = os
            os.environ['EARLIER'] = '1'
            open('earlier', 'w').close()
            """),
    ]
}
