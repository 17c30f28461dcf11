namespace DeepNet.Plots;

/// <summary>
/// Represents what a figure is drawn for: the language of its texts, the frames that it is one of, and a page whose script turns surfaces.
/// </summary>
/// <param name="Languages">The texts in each language of the page; the room that they take is that of the widest.</param>
/// <param name="Language">The number of the language to draw in.</param>
/// <param name="Frames">The frames of a moving figure; null if there is one.</param>
/// <param name="IsTurned">True if a script turns surfaces, so that it needs their numbers.</param>
internal sealed record DrawContext(IReadOnlyList<Func<string, string>> Languages, int Language, FrameGroup? Frames, bool IsTurned)
{
    /// <summary>Gets the context of a file by itself: one language, one frame.</summary>
    public static DrawContext Alone { get; } = new([text => text], 0, null, false);

    /// <summary>Returns the context of a plot in a grid.</summary>
    public DrawContext In(int plot) => Frames is null ? this : this with { Frames = Frames.At(plot) };

    /// <summary>Returns a text in the language to draw in.</summary>
    public string Say(string text) => Languages[Language](text);

    public IReadOnlyList<string>? Say(IReadOnlyList<string>? texts) => texts is null ? null : [.. texts.Select(Say)];

    /// <summary>Returns the width of a text in the language where it is widest.</summary>
    public double Width(string text, double size) => Languages.Max(say => Lettering.Width(say(text), size));

    /// <summary>Returns the number of lines of a text in the language where it takes most.</summary>
    public int Lines(string text, double size, double width, int most)
        => Languages.Max(say => Lettering.Wrap(say(text), size, width, most).Count);
}
