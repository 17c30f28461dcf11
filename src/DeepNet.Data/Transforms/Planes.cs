namespace DeepNet.Data.Transforms;

/// <summary>Represents the layout of the images of a batch.</summary>
internal readonly record struct Planes(int Examples, int Channels, int Height, int Width)
{
    public int PlaneSize => Height * Width;
    public int ExampleSize => Channels * PlaneSize;

    public static Planes Of(string op, Tensor x) => x.Rank switch
    {
        4 => new(x.Shape[0], x.Shape[1], x.Shape[2], x.Shape[3]),
        3 => new(x.Shape[0], 1, x.Shape[1], x.Shape[2]),
        _ => throw new ArgumentException(
            $"[{op}] inputs of shape {x.Shape} are no images: those are (N, channels, height, width) or (N, height, width). Reshape "
                + "them, or flatten after augmenting."),
    };

    /// <summary>The images dense and in float32, to read.</summary>
    public static Tensor Dense(Tensor x) => x.Detach().To(Device.Cpu).To(DType.Float32).Contiguous();

    /// <summary>A copy to write on.</summary>
    public static Tensor Copy(Tensor x) => x.Detach().To(Device.Cpu).To(DType.Float32).Clone();

    /// <summary>The shape of a batch of images of another size.</summary>
    public static Shape Resized(Tensor x, int height, int width)
        => x.Rank == 4 ? new Shape(x.Shape[0], x.Shape[1], height, width) : new Shape(x.Shape[0], height, width);
}
