namespace DeepNet.Tracing;

/// <summary>
/// Something that programs ask and that no tensor holds, such as the mode of a module: what was recorded holds as long as it is the same.
/// </summary>
internal interface IGuarded
{
    /// <summary>Gets the state of now, to be compared later.</summary>
    object? State { get; }

    /// <summary>Gets a value that is true if the state is the given one.</summary>
    bool IsStill(object? state);

    /// <summary>Gets what it is, for messages.</summary>
    string Title { get; }
}
