namespace DeepNet.Ilgpu;

/// <summary>The numbers of a convolution as kernels hold them.</summary>
internal struct ConvShape(in ConvolutionGeometry at)
{
    public readonly int In = at.In, Out = at.Out, InEach = at.InPerGroup, OutEach = at.OutPerGroup, Batch = at.Batch;
    public readonly int Height = at.Rows.Input, Width = at.Columns.Input, ResultHeight = at.Rows.Output, ResultWidth = at.Columns.Output;
    public readonly int KernelHeight = at.Rows.Kernel, KernelWidth = at.Columns.Kernel, StrideY = at.Rows.Stride,
        StrideX = at.Columns.Stride;
    public readonly Divisor ByIn = at.In, ByOut = at.Out, ByInEach = at.InPerGroup, ByOutEach = at.OutPerGroup, ByHeight = at.Rows.Input,
        ByWidth = at.Columns.Input;
    public readonly Divisor ByResultHeight = at.Rows.Output, ByResultWidth = at.Columns.Output, ByKernelHeight = at.Rows.Kernel,
        ByKernelWidth = at.Columns.Kernel;
    public readonly Divisor ByStrideY = at.Rows.Stride, ByStrideX = at.Columns.Stride, ByDilationY = at.Rows.Dilation,
        ByDilationX = at.Columns.Dilation, ByPlane = at.ResultPlane, ByPlaces = at.Batch * at.ResultPlane;
    public readonly int BeforeY = at.Rows.Before, BeforeX = at.Columns.Before, DilationY = at.Rows.Dilation,
        DilationX = at.Columns.Dilation;
}

/// <summary>result = image ⋆ weight + bias: a thread an output.</summary>
internal struct ConvolveJob<TOp, V, T> : IJob
    where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> Image, Weight, Bias, Result;
    public ConvShape S;
    public int HasBias;

    public static string Name => "convolution";

    public void Run(long i)
    {
        long line = S.ByResultWidth.Of(i), plane = S.ByResultHeight.Of(line), n = S.ByOut.Of(plane);
        int x = (int)(i - line * S.ResultWidth), y = (int)(line - plane * S.ResultHeight), o = (int)(plane - n * S.Out);
        int firstX = x * S.StrideX - S.BeforeX, firstY = y * S.StrideY - S.BeforeY;
        long image = (n * S.In + S.ByOutEach.Of(o) * S.InEach) * S.Height * S.Width,
            weight = (long)o * S.InEach * S.KernelHeight * S.KernelWidth;
        V sum = V.Constant(0);
        for (int c = 0; c < S.InEach; c++, image += (long)S.Height * S.Width)
            for (int ky = 0; ky < S.KernelHeight; ky++)
            {
                int py = firstY + ky * S.DilationY;
                for (int kx = 0; kx < S.KernelWidth; kx++, weight++)
                {
                    int px = firstX + kx * S.DilationX;
                    if (py >= 0 && py < S.Height && px >= 0 && px < S.Width)
                        sum = V.Fma(V.From(Image[image + (long)py * S.Width + px]), V.From(Weight[weight]), sum);
                }
            }
        if (HasBias != 0) sum += V.From(Bias[o]);
        Result[i] = V.To(Op.Forward(sum));
    }
}

/// <summary>The gradient of an image: a thread an element, which gathers from the outputs that read it.</summary>
internal struct ConvolveImageJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Result, Weight, Image;
    public ConvShape S;

    public static string Name => "convolution backward";

    public void Run(long i)
    {
        long line = S.ByWidth.Of(i), plane = S.ByHeight.Of(line), n = S.ByIn.Of(plane);
        int px = (int)(i - line * S.Width), py = (int)(line - plane * S.Height), c = (int)(plane - n * S.In),
            group = (int)S.ByInEach.Of((uint)c);
        V sum = V.Constant(0);
        for (int ky = 0; ky < S.KernelHeight; ky++)
        {
            int fromY = py + S.BeforeY - ky * S.DilationY, y = (int)S.ByStrideY.Of((uint)fromY);
            if (fromY < 0 || y * S.StrideY != fromY || y >= S.ResultHeight) continue;
            for (int kx = 0; kx < S.KernelWidth; kx++)
            {
                int fromX = px + S.BeforeX - kx * S.DilationX, x = (int)S.ByStrideX.Of((uint)fromX);
                if (fromX < 0 || x * S.StrideX != fromX || x >= S.ResultWidth) continue;
                for (int e = 0; e < S.OutEach; e++)
                {
                    long o = group * S.OutEach + e;
                    V g = V.From(Result[((n * S.Out + o) * S.ResultHeight + y) * S.ResultWidth + x]);
                    sum = V.Fma(g, V.From(Weight[((o * S.InEach + c - group * S.InEach) * S.KernelHeight + ky) * S.KernelWidth + kx]), sum);
                }
            }
        }
        Image[i] = V.To(sum);
    }
}

/// <summary>The gradient of a weight: a group an element, its threads outputs side by side.</summary>
internal struct ConvolveWeightJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Image, Result, Weight;
    public ConvShape S;

    public static string Name => "convolution backward";

    public void Run(long i)
    {
        long line = S.ByKernelWidth.Of(i), plane = S.ByKernelHeight.Of(line), o = S.ByInEach.Of(plane);
        int kx = (int)(i - line * S.KernelWidth), ky = (int)(line - plane * S.KernelHeight),
            c = (int)(plane - o * S.InEach + S.ByOutEach.Of(o) * S.InEach);
        V sum = V.Constant(0);
        long each = (long)S.ResultHeight * S.ResultWidth;
        for (long e = Group.IdxX; e < S.Batch * each; e += Group.DimX)
        {
            long n = S.ByPlane.Of(e), at = e - n * each, y = S.ByResultWidth.Of(at), x = at - y * S.ResultWidth;
            long py = y * S.StrideY - S.BeforeY + ky * S.DilationY, px = x * S.StrideX - S.BeforeX + kx * S.DilationX;
            if (py >= 0 && py < S.Height && px >= 0 && px < S.Width)
                sum = V.Fma(V.From(Result[(n * S.Out + o) * each + at]), V.From(Image[((n * S.In + c) * S.Height + py) * S.Width + px]),
                    sum);
        }
        sum = Folding.Sum<V, T>(sum);
        if (Group.IdxX == 0) Weight[i] = V.To(sum);
    }
}

/// <summary>Lays what each tap reads side by side: (In·taps, Batch·outputs), so that a convolution is one product.</summary>
internal struct UnfoldJob<T> : IJob where T : unmanaged
{
    public ArrayView<T> Image, Taps;
    public ConvShape S;
    public T Zero;

    public static string Name => "convolution";

    public void Run(long i)
    {
        long each = (long)S.ResultHeight * S.ResultWidth, all = S.Batch * each, tap = S.ByPlaces.Of(i), e = i - tap * all;
        long n = S.ByPlane.Of(e), at = e - n * each, y = S.ByResultWidth.Of(at), x = at - y * S.ResultWidth;
        long line = S.ByKernelWidth.Of(tap), c = S.ByKernelHeight.Of(line), kx = tap - line * S.KernelWidth, ky = line - c * S.KernelHeight;
        long py = y * S.StrideY - S.BeforeY + ky * S.DilationY, px = x * S.StrideX - S.BeforeX + kx * S.DilationX;
        bool isInside = py >= 0 && py < S.Height && px >= 0 && px < S.Width;
        Taps[i] = isInside ? Image[((n * S.In + c) * S.Height + py) * S.Width + px] : Zero;
    }
}

/// <summary>
/// The adjoint of <see cref="UnfoldJob{T}"/>: a thread an element of the image, which gathers from the taps that read it.
/// </summary>
internal struct FoldJob<V, T> : IJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Taps, Image;
    public ConvShape S;

    public static string Name => "convolution backward";

    public void Run(long i)
    {
        long line = S.ByWidth.Of(i), plane = S.ByHeight.Of(line), n = S.ByIn.Of(plane);
        int px = (int)(i - line * S.Width), py = (int)(line - plane * S.Height), c = (int)(plane - n * S.In);
        long each = (long)S.ResultHeight * S.ResultWidth, all = S.Batch * each;
        V sum = V.Constant(0);
        for (int ky = 0; ky < S.KernelHeight; ky++)
        {
            int fromY = py + S.BeforeY - ky * S.DilationY, y = (int)S.ByStrideY.Of((uint)fromY);
            if (fromY < 0 || y * S.StrideY != fromY || y >= S.ResultHeight) continue;
            for (int kx = 0; kx < S.KernelWidth; kx++)
            {
                int fromX = px + S.BeforeX - kx * S.DilationX, x = (int)S.ByStrideX.Of((uint)fromX);
                if (fromX < 0 || x * S.StrideX != fromX || x >= S.ResultWidth) continue;
                long tap = ((long)c * S.KernelHeight + ky) * S.KernelWidth + kx;
                sum += V.From(Taps[tap * all + n * each + (long)y * S.ResultWidth + x]);
            }
        }
        Image[i] = V.To(sum);
    }
}
