extension UnrealModule {
    /// Runs in the module after its functions are there. Names that begin with an underscore are its own.
    ///
    /// The wrappers give lists and actors the types that Unreal gives them.
    static let prelude = #"""
        import roost as _roost


        class Name(str):
            """A name; compares like the str it is."""

            def is_valid(self):
                return True

            def is_none(self):
                return self in ("", "None")


        class Array(list):
            """What functions give for a list; made of values, or of a type for an empty one as in Unreal."""

            def __init__(self, values=()):
                super().__init__(() if isinstance(values, type) else values)

            @classmethod
            def cast(cls, type, values):
                return cls(values)

            def __getitem__(self, index):
                found = super().__getitem__(index)
                return Array(found) if isinstance(index, slice) else found

            def copy(self):
                return Array(self)


        class _Triple:
            __slots__ = _FIELDS = ("x", "y", "z")

            def __init__(self, first=0.0, second=0.0, third=0.0):
                for field, value in zip(self._FIELDS, (first, second, third)):
                    setattr(self, field, float(value))

            @classmethod
            def _of(cls, value, default=0.0):
                if isinstance(value, dict):
                    value = [value.get(field, default) for field in cls._FIELDS]
                if not isinstance(value, list) or len(value) != 3:
                    value = [default] * 3
                return cls(*(v if isinstance(v, (int, float)) else default for v in value))

            def to_tuple(self):
                return tuple(getattr(self, field) for field in self._FIELDS)

            def __iter__(self):
                return iter(self.to_tuple())

            def __eq__(self, other):
                return type(self) is type(other) and self.to_tuple() == other.to_tuple()

            def __hash__(self):
                return hash(self.to_tuple())

            def __repr__(self):
                inner = ", ".join("%s: %f" % (f, getattr(self, f)) for f in self._FIELDS)
                return "<Struct '%s' {%s}>" % (type(self).__name__, inner)


        class Vector(_Triple):
            """x, y, z in centimetres."""

            __slots__ = ()


        class Rotator(_Triple):
            """roll, pitch, yaw in degrees."""

            __slots__ = _FIELDS = ("roll", "pitch", "yaw")


        class Class:
            """What an actor's get_class() gives."""

            def __init__(self, name):
                self._name = name

            def get_name(self):
                return self._name

            def get_fname(self):
                return Name(self._name)

            def get_path_name(self):
                return "/Script/Engine." + self._name

            def __eq__(self, other):
                return isinstance(other, Class) and self._name == other._name

            def __hash__(self):
                return hash(self._name)

            def __repr__(self):
                return "<Object '%s' Class 'Class'>" % self.get_path_name()


        class Actor:
            """One actor of the scene file; read only."""

            def __init__(self, _data=None):
                self._data = _data or {}

            def _text(self, key, default):
                value = self._data.get(key)
                return value if isinstance(value, str) else default

            def get_name(self):
                return self._text("name", "None")

            def get_fname(self):
                return Name(self.get_name())

            def get_actor_label(self):
                return self._text("label", self.get_name())

            def get_path_name(self):
                return self._text("path", "/Game/Scene.Scene:PersistentLevel." + self.get_name())

            def get_full_name(self):
                return self.get_class().get_name() + " " + self.get_path_name()

            def get_class(self):
                return Class(self._text("class", "Actor"))

            def get_folder_path(self):
                return Name(self._text("folder", "None"))

            def get_actor_location(self):
                return Vector._of(self._data.get("location"))

            def get_actor_rotation(self):
                return Rotator._of(self._data.get("rotation"))

            def get_actor_scale3d(self):
                return Vector._of(self._data.get("scale"), 1.0)

            @property
            def tags(self):
                tags = self._data.get("tags")
                return Array(Name(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else Array()

            def __eq__(self, other):
                return isinstance(other, Actor) and self.get_path_name() == other.get_path_name()

            def __hash__(self):
                return hash(self.get_path_name())

            def __repr__(self):
                return "<Object '%s' Class '%s'>" % (self.get_path_name(), self.get_class().get_name())


        def _list_assets(directory_path, recursive=True, include_folder=False):
            path = "EditorAssetLibrary.list_assets"
            return Array(_call(path, directory_path, recursive, include_folder))


        def _get_all_level_actors():
            return Array(Actor(data) for data in _call("EditorLevelLibrary.get_all_level_actors"))


        def _place(owner, name, function):
            """Puts a wrapper where the function stands that it calls, under the same name, docstring and annotations."""
            declared = getattr(owner, name)
            for attribute in ("__name__", "__qualname__", "__doc__", "__annotations__"):
                setattr(function, attribute, getattr(declared, attribute))
            setattr(owner, name, staticmethod(function))


        _place(EditorAssetLibrary, "list_assets", _list_assets)
        _place(EditorLevelLibrary, "get_all_level_actors", _get_all_level_actors)


        class EditorActorSubsystem:
            """The actors of the level, as Unreal 5 asks for them."""

            def get_all_level_actors(self):
                return _get_all_level_actors()


        class EditorAssetSubsystem:
            """The assets of the project, as Unreal 5 asks for them."""

            def list_assets(self, directory_path, recursive=True, include_folder=False):
                return _list_assets(directory_path, recursive, include_folder)

            def does_asset_exist(self, asset_path):
                return EditorAssetLibrary.does_asset_exist(asset_path)


        class ScopedSlowTask:
            """Tells how far a piece of work is; a task begun within a frame of another fills that frame.

            with unreal.ScopedSlowTask(len(assets), "Checking") as task:
                task.make_dialog(True)
                for asset in assets:
                    if task.should_cancel():
                        break
                    task.enter_progress_frame(1, asset)
            """

            _running = []

            def __init__(self, work, desc="", enabled=True):
                self._total = max(0.0, float(work))
                self._text = str(desc)
                self._enabled = bool(enabled)
                self._done = self._frame = 0.0
                self._frame_text = ""

            def __enter__(self):
                if self._enabled:
                    self._done = self._frame = 0.0
                    self._running.append(self)
                    self._report()
                return self

            def __exit__(self, kind, error, traceback):
                if self not in self._running:
                    return
                del self._running[self._running.index(self) :]
                if kind is not None:
                    return
                if self._running:
                    # Whatever this task was to do is done, and with it the frame it stands in.
                    parent = self._running[-1]
                    parent._done += parent._frame
                    parent._frame = 0.0
                    parent._report()
                else:
                    _roost.progress(1.0, self._frame_text or self._text)

            def make_dialog(self, can_cancel=False, allow_in_pie=False):
                """There is no dialog here; the progress is in the job's events."""

            def make_dialog_delayed(self, delay, can_cancel=False, allow_in_pie=False):
                """There is no dialog here; the progress is in the job's events."""

            def enter_progress_frame(self, work=1.0, desc=""):
                """Ends the frame before and begins one of so much work."""
                if not self._enabled:
                    return
                if self not in self._running:
                    raise RuntimeError("enter_progress_frame() outside of the task's with statement")
                self._done += self._frame
                self._frame = max(0.0, float(work))
                self._frame_text = str(desc)
                self._report()

            def should_cancel(self):
                """Whether the job was told to stop."""
                return _roost.is_cancelled()

            def _report(self):
                fraction, text = 0.0, ""
                for task in reversed(self._running):
                    if task._total > 0.0:
                        fraction = min(1.0, (task._done + task._frame * fraction) / task._total)
                    else:
                        fraction = 0.0
                    text = text or task._frame_text or task._text
                _roost.progress(fraction, text)


        def get_editor_subsystem(subsystem):
            if subsystem in (EditorActorSubsystem, EditorAssetSubsystem):
                return subsystem()
            raise TypeError("get_editor_subsystem() argument must be an editor subsystem class, not %r" % (subsystem,))
        """#
}
