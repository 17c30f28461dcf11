namespace DeepNet.Ilgpu;

/// <summary>A kernel that a device's compiler refused: which operator it belongs to, and what the compiler said.</summary>
public sealed class KernelException : InvalidOperationException
{
    /// <summary>Makes the error.</summary>
    public KernelException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Makes an error without words.</summary>
    public KernelException() { }

    /// <summary>Makes the error.</summary>
    public KernelException(string message) : base(message) { }
}
