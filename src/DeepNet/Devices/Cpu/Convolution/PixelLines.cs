namespace DeepNet.Devices.Cpu;

/// <summary>Rows of one image with zeros around them, channels side by side: in them every tap of every output is a valid place.</summary>
internal readonly unsafe struct PixelLines<T>(PixelAxis rows, PixelAxis columns, int channels, Pixels<T> source) where T : unmanaged
{
    /// <summary>True if no output reads a zero around the image and its rows can be read as they lie.</summary>
    public bool IsDirect => rows.Before + rows.After + columns.Before + columns.After == 0 && source.IsDenseInRows(channels);

    /// <summary>Elements of a line.</summary>
    public nint Line => IsDirect ? source.Row : (nint)(columns.Before + columns.Source + columns.After) * channels;

    /// <summary>Elements for the lines that so many output rows read.</summary>
    public nint Workspace(int places) => IsDirect ? 0 : Height(places) * Line;

    private int Height(int places) => (places - 1) * rows.Step + rows.Reach;

    /// <summary>Copies the lines that the outputs from row <paramref name="first"/> on read, and returns their start.</summary>
    public T* Lay(int image, int first, int places, T* workspace)
    {
        int top = first * rows.Step - rows.Before, height = Height(places);
        if (IsDirect) return source.At(image, top);
        nint line = Line, left = (nint)columns.Before * channels, filled = (nint)columns.Source * channels;
        T* to = workspace;
        for (int i = 0; i < height; i++, to += line)
        {
            if ((uint)(top + i) >= (uint)rows.Source)
            {
                new Span<T>(to, (int)line).Clear();
                continue;
            }
            new Span<T>(to, (int)left).Clear();
            if (source.IsDenseInRows(channels))
                new Span<T>(source.At(image, top + i), (int)filled).CopyTo(new Span<T>(to + left, (int)filled));
            else source.Take(image, top + i, columns.Source, channels, to + left, channels);
            new Span<T>(to + left + filled, (int)(line - left - filled)).Clear();
        }
        return workspace;
    }
}
