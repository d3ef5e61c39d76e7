"""The job's socket: frames out, replies in, and the order between the socket and the two pipes.

A frame is a u32 little-endian payload length, a type byte and the payload (RoostPythonWire has the other end).

Signal handlers, ours and the job's, may raise between any two bytecodes that call something. So nothing that was
sent or received is ever held in a local variable alone: `list.extend(map(send, …))` stores the outcome of a system
call before the interpreter looks for signals again, and an interrupted frame is finished by the next one.
"""

import _socket
import _struct
import _thread
import array
import json
import os
import select
import threading

from roost_text import strict_json, utf8

_fstat = os.fstat
_getpid = os.getpid
_loads = json.loads
_parse_header = json.JSONDecoder().scan_once
_poll = select.poll
_POLLIN = select.POLLIN
_Condition = threading.Condition
_MSG_DONTWAIT = _socket.MSG_DONTWAIT
_MSG_NOSIGNAL = _socket.MSG_NOSIGNAL
_MSG_CMSG_CLOEXEC = _socket.MSG_CMSG_CLOEXEC
_RIGHTS = (_socket.SOL_SOCKET, _socket.SCM_RIGHTS)
_RIGHTS_BYTES = _socket.CMSG_SPACE(2 * array.array("i").itemsize)

# server to child
JOB, REPLY, PROCEED = 0x01, 0x02, 0x03
# child to server
LOG, BARRIER, CALL, DONE, RESTED, PROGRESS = 0x81, 0x82, 0x83, 0x84, 0x85, 0x86

_HEADER_BYTES = 5
_DOUBLE = _struct.Struct("<d")
# RoostCore's JobProgress keeps as much.
_MAX_MESSAGE_BYTES = 1024


class Channel:
    """One for each process, made before the fork and attached to its socket after it."""

    def __init__(self, max_log_entries, max_log_entry_bytes):
        self.max_log_entries = max_log_entries
        self.max_log_entry_bytes = max_log_entry_bytes
        self.usable = False
        # Guards what is written, to the pipes as well, so that `last` is true for every thread.
        self.lock = _thread.RLock()
        # What was written last and not followed by a barrier: a PipeWriter, `self` for a log, None for neither.
        self.last = None
        # The latest report of progress, (fraction, message), while it waits to go with another frame.
        self.late = None
        self._sending = False
        self._outgoing = bytearray()
        self._sent = []
        self._received = []
        self._log_entries = 0
        self._barriers = 0
        self._proceeds = 0
        self._calls = 0
        self._replies = {}
        self._waiting = set()
        self._inbox = _Condition(_thread.allocate_lock())
        self._reading = False

    def attach(self, descriptor):
        """Takes the socket. From here on, a process forked from this one keeps off it."""
        self._socket = _socket.socket(_socket.AF_UNIX, _socket.SOCK_STREAM, 0, descriptor)
        self._descriptor = descriptor
        self._identity = self._stat()
        self._pid = _getpid()
        self.usable = True
        os.register_at_fork(after_in_child=self._forked)

    def receive_job(self):
        """Blocks for the job: (header, source bytes, descriptors), or None if the server went away.

        The descriptors are the job's standard output and error; none for a job whose process has them already.
        """
        descriptors = array.array("i")
        data = bytearray(b"".join(self._received))
        self._received = []
        while True:
            frame = self._receive_frame(data, descriptors)
            if frame is None:
                return None
            kind, payload = frame
            if kind == JOB and len(payload) >= 4:
                self._received = [bytes(data)] if data else []
                start = 4 + int.from_bytes(payload[:4], "little")
                # The server writes it without white space around it.
                header, _ = _parse_header(payload[4:start].decode(), 0)
                return header, payload[start:], descriptors
            # An answer that an earlier job of this process did not wait for.
            if kind == PROCEED:
                self._proceeds += 1
            elif kind != REPLY:
                return None

    def begin(self):
        """Before each further job of a process that stays: nothing of the one before counts. No thread is left of it."""
        self.lock = _thread.RLock()
        self.last = None
        self._log_entries = 0
        self._replies = {}
        self._waiting = set()

    def rested(self, keeps_outputs):
        """Tells the server that this process can take another job; and whether with the outputs of the one before."""
        with self.lock:
            self._send(RESTED, b"\x01" if keeps_outputs else b"\x00")
        return self.usable

    def log(self, level, text):
        """Sends a log entry; beyond the bound, and in a forked process, it is dropped."""
        with self.lock:
            if not self.usable or self._log_entries >= self.max_log_entries:
                return
            self._log_entries += 1
            self._send(LOG, bytes((level,)) + utf8(text, self.max_log_entry_bytes))
            self.last = self

    def before_pipe(self, writer):
        """Called with the lock held, before `writer` writes what may not overtake the other channels."""
        # A signal handler that prints while its own thread is in the middle of a frame cannot wait for an answer.
        if self.last is not None and self.usable and not self._sending:
            self._barriers += 1
            number = self._barriers
            self._send(BARRIER, b"")
            self._wait(lambda: self._proceeds >= number)
        self.last = writer

    def call(self, function, args, kwargs):
        """Asks the server to run a host function; returns the reply's object. Other threads go on meanwhile."""
        with self.lock:
            if not self.usable:
                raise RuntimeError("%s: the host cannot be reached from this process" % function)
            self._calls += 1
            number = self._calls
            self._waiting.add(number)
            request = {"id": number, "function": function, "args": args, "kwargs": kwargs}
            try:
                self._send(CALL, strict_json(request))
            except BaseException:
                self._waiting.discard(number)
                raise
        try:
            self._wait(lambda: number in self._replies)
            return self._replies.pop(number, None)
        finally:
            self._waiting.discard(number)

    def send_late(self):
        """Sends the report of progress that waits; called with the lock held. Without a server it is dropped."""
        if self.usable:
            self._send()
        self.late = None

    def finish(self, header, result):
        """Sends the end of the job. The lock stays held: a daemon thread must not print after it."""
        self.lock.acquire()
        self._send(DONE, len(header).to_bytes(4, "little") + header + result)

    def _send(self, kind=None, payload=b""):
        """Sends a frame, behind the progress that waits; of no kind, that alone."""
        if not self._is_ours():
            self.usable = False
        if not self.usable:
            return
        late, self.late = self.late, None
        frame = b"" if late is None else _frame(PROGRESS, _DOUBLE.pack(late[0]) + utf8(late[1], _MAX_MESSAGE_BYTES))
        self._outgoing.extend(frame if kind is None else frame + _frame(kind, payload))
        if self._sending:
            return  # a signal handler in the middle of a frame of its own thread: the frame goes out after that one
        try:
            self._sending = True
            while True:
                sent = sum(self._sent)
                if sent >= len(self._outgoing):
                    break
                self._sent.extend(map(self._socket.send, (self._outgoing[sent:],), (_MSG_NOSIGNAL,)))
            self._outgoing, self._sent = bytearray(), []
        except OSError:
            self.usable = False
        finally:
            self._sending = False

    def _wait(self, arrived):
        """Reads frames until `arrived`. Of several waiting threads one reads for all."""
        with self._inbox:
            while self.usable and not arrived():
                if self._reading:
                    self._inbox.wait()
                    continue
                self._reading = True
                self._inbox.release()
                try:
                    self._receive_some()
                finally:
                    self._inbox.acquire()
                    self._reading = False
                    self._inbox.notify_all()

    def _receive_some(self):
        try:
            poll = _poll()
            poll.register(self._descriptor, _POLLIN)
            poll.poll()
            if not self._is_ours():
                self.usable = False
                return
            self._received.extend(map(self._socket.recv, (65536,), (_MSG_DONTWAIT,)))
            if not self._received[-1]:
                self.usable = False
        except BlockingIOError:
            return
        except OSError:
            self.usable = False
        while self._take_frame():
            pass

    def _take_frame(self):
        data = self._received[0] if len(self._received) == 1 else b"".join(self._received)
        if len(data) < _HEADER_BYTES:
            return False
        end = _HEADER_BYTES + int.from_bytes(data[:4], "little")
        if len(data) < end:
            return False
        rest = [data[end:]]
        if data[4] == PROCEED:
            self._proceeds, self._received = self._proceeds + 1, rest
            return True
        if data[4] == REPLY:
            reply = _parse(data[_HEADER_BYTES:end])
            if reply.get("id") in self._waiting:
                self._replies[reply["id"]] = reply
        self._received = rest
        return True

    def _receive_frame(self, data, descriptors):
        """Takes (type, payload) from the front of `data`, which grows as needed; None if the server went away."""
        end = _HEADER_BYTES
        while True:
            if len(data) >= _HEADER_BYTES:
                end = _HEADER_BYTES + int.from_bytes(data[:4], "little")
                if len(data) >= end:
                    frame = data[4], bytes(data[_HEADER_BYTES:end])
                    del data[:end]
                    return frame
            size = min(max(end - len(data), 65536), 1 << 20)
            chunk, control, _, _ = self._socket.recvmsg(size, _RIGHTS_BYTES, _MSG_CMSG_CLOEXEC)
            for level, kind, content in control:
                if (level, kind) == _RIGHTS:
                    descriptors.frombytes(content)
            if not chunk:
                return None
            data += chunk

    def _stat(self):
        status = _fstat(self._descriptor)
        return status.st_dev, status.st_ino

    def _is_ours(self):
        """False in a forked process, and once the job's code closed the socket or put something in its place."""
        try:
            return self._pid == _getpid() and self._identity == self._stat()
        except OSError:
            return False

    def _forked(self):
        """In a process forked by the job's code: the socket is the parent's, the pipes are everybody's."""
        self.usable = False
        self.lock = _thread.RLock()
        try:
            if self._identity == self._stat():
                self._socket.close()
        except OSError:
            pass


def _frame(kind, payload):
    return len(payload).to_bytes(4, "little") + bytes((kind,)) + payload


def _parse(data):
    reply = _loads(data)
    return reply if isinstance(reply, dict) else {}
