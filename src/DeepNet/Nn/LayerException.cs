using DeepNet.IO;

namespace DeepNet.Nn;

/// <summary>An argument that a layer could not take; the message begins with the path of the layer.</summary>
public sealed class LayerException : ArgumentException
{
    /// <summary>Makes the exception.</summary>
    public LayerException(string path, string message, Exception? inner = null) : base(Printable.Text($"{path}: {message}"), inner)
        => Path = path;

    /// <summary>The layer's path in the model, or its kind if the model was never asked for its parts.</summary>
    public string Path { get; }
}
