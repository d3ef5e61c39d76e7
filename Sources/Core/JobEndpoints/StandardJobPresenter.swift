/// The form of the server's own endpoints, that of the reference.
package struct StandardJobPresenter: JobPresenter {
    package init() {}
}
