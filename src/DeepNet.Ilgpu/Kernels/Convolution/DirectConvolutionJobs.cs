namespace DeepNet.Ilgpu;

/// <summary>
/// Convolutions of few channels without a detour through memory: unfolded they would be products whose tiles are mostly empty. A thread has
/// eight channels of one pixel, so that each element that it reads serves eight sums, and the weights of all its group's threads lie in
/// shared memory.
/// </summary>
internal static class DirectConvolution
{
    /// <summary>Channels of a thread.</summary>
    public const int Channels = 8;

    /// <summary>Taps of eight channels in shared memory at a time.</summary>
    public const int MostTaps = 128;

    /// <summary>Pieces of the result's rows in shared memory at a time, for the gradient of a weight, and pixels of a piece.</summary>
    public const int Pieces = 8, Width = 32;

    /// <summary>sums + x·(eight factors in shared memory).</summary>
    [MethodImpl(AggressiveInlining)]
    public static Eight<V> Plus<V, T>(Eight<V> sums, V x, ArrayView<Four<T>> factors, long at) where V : unmanaged, IGpuNumber<V, T>
        where T : unmanaged
    {
        Four<T> low = factors[at], high = factors[at + 1];
        return sums.Plus(x, V.From(low.A), V.From(low.B), V.From(low.C), V.From(low.D), V.From(high.A), V.From(high.B), V.From(high.C),
            V.From(high.D));
    }

    /// <summary>The first of places start, start + step, … that is not negative.</summary>
    [MethodImpl(AggressiveInlining)]
    public static int First(int start, in Divisor step) => start >= 0 ? 0 : (int)step.Of((uint)((int)step.Value - 1 - start));

    /// <summary>Gets the number of positions start, start + step, … below the end.</summary>
    [MethodImpl(AggressiveInlining)]
    public static int Below(int start, int end, int most, in Divisor step)
    {
        if (start >= end) return 0;
        int count = (int)step.Of((uint)(end - start + (int)step.Value - 1));
        return count < most ? count : most;
    }
}

/// <summary>
/// The part of a direct convolution that a group of threads computes: pixels side by side, eight channels, and one of the convolution's
/// groups.
/// </summary>
internal struct DirectTask
{
    public Divisor Tiles, Blocks;

    [MethodImpl(AggressiveInlining)]
    public readonly void Of(long group, out int tile, out int block, out int section)
    {
        long line = Tiles.Of(group), whole = Blocks.Of(line);
        tile = (int)(group - line * Tiles.Value);
        block = (int)(line - whole * Blocks.Value);
        section = (int)whole;
    }
}

/// <summary>result = op(image ⋆ weight + bias).</summary>
internal struct DirectConvolveJob<TOp, V, T> : IGroupJob
    where TOp : unmanaged, IUnaryOp<TOp> where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public TOp Op;
    public ArrayView<T> Image, Weight, Bias, Result;
    public ConvShape S;
    public DirectTask Share;
    public int Each, HasBias;

    public static string Name => "convolution";

    public void Run(long group)
    {
        var weights = SharedMemory.Allocate<Four<T>>(2 * DirectConvolution.MostTaps).AsAligned(Fours.Alignment);
        var single = weights.Cast<T>();
        Share.Of(group, out int tile, out int block, out int section);
        uint pixel = (uint)(tile * Group.DimX + Group.IdxX);
        bool isThere = pixel < (uint)S.ByPlaces.Value;
        if (!isThere) pixel = 0;                         // it must come to the barriers, and reads what is there
        uint n = S.ByPlane.Of(pixel), at = pixel - n * (uint)S.ByPlane.Value, line = S.ByResultWidth.Of(at);
        int firstY = (int)line * S.StrideY - S.BeforeY, firstX = (int)(at - line * (uint)S.ResultWidth) * S.StrideX - S.BeforeX;
        int kernel = S.KernelHeight * S.KernelWidth, own = S.OutEach - block * DirectConvolution.Channels;
        long firstOut = (long)section * S.OutEach + block * DirectConvolution.Channels, plane = (long)S.Height * S.Width;
        long image = (n * (long)S.In + (long)section * S.InEach) * plane + (long)firstY * S.Width + firstX;
        // The taps that lie inside.
        int top = DirectConvolution.First(firstY, S.ByDilationY),
            bottom = DirectConvolution.Below(firstY, S.Height, S.KernelHeight, S.ByDilationY);
        int left = DirectConvolution.First(firstX, S.ByDilationX),
            right = DirectConvolution.Below(firstX, S.Width, S.KernelWidth, S.ByDilationX);
        var sums = Eight<V>.Zero;
        for (int c = 0; c < S.InEach; c += Each)
        {
            int channels = S.InEach - c < Each ? S.InEach - c : Each;
            Group.Barrier();
            for (int e = Group.IdxX; e < channels * kernel * DirectConvolution.Channels; e += Group.DimX)
            {
                int o = e & (DirectConvolution.Channels - 1);
                V weight = V.Constant(0);
                if (o < own) weight = V.From(Weight[((firstOut + o) * S.InEach + c) * kernel + e / DirectConvolution.Channels]);
                single[e] = V.To(weight);
            }
            Group.Barrier();
            for (int inside = 0; inside < channels; inside++)
            {
                for (int ky = top; ky < bottom; ky++)
                {
                    long from = image + (c + inside) * plane + (long)(ky * S.DilationY) * S.Width + left * S.DilationX,
                        tap = 2 * (inside * kernel + ky * S.KernelWidth + left);
                    for (int kx = left; kx < right; kx++, from += S.DilationX, tap += 2)
                        sums = DirectConvolution.Plus(sums, V.From(Image[from]), weights, tap);
                }
            }
        }
        if (!isThere) return;
        long to = (n * (long)S.Out + firstOut) * S.ByPlane.Value + at;
        Put(to, firstOut, 0, own, sums.S0);
        Put(to, firstOut, 1, own, sums.S1);
        Put(to, firstOut, 2, own, sums.S2);
        Put(to, firstOut, 3, own, sums.S3);
        Put(to, firstOut, 4, own, sums.S4);
        Put(to, firstOut, 5, own, sums.S5);
        Put(to, firstOut, 6, own, sums.S6);
        Put(to, firstOut, 7, own, sums.S7);
    }

    [MethodImpl(AggressiveInlining)]
    private readonly void Put(long to, long firstOut, int channel, int own, V sum)
    {
        if (channel >= own) return;
        if (HasBias != 0) sum += V.From(Bias[firstOut + channel]);
        Result[to + channel * S.ByPlane.Value] = V.To(Op.Forward(sum));
    }
}

/// <summary>The gradient of an image: each of its pixels gathers from the outputs that read it.</summary>
internal struct DirectConvolveImageJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Result, Weight, Image;
    public ConvShape S;
    public DirectTask Share;
    public Divisor ByKernel, ByImagePlane;
    public int Each;

    public static string Name => "convolution backward";

    public void Run(long group)
    {
        var weights = SharedMemory.Allocate<Four<T>>(2 * DirectConvolution.MostTaps).AsAligned(Fours.Alignment);
        var single = weights.Cast<T>();
        Share.Of(group, out int tile, out int block, out int section);
        uint pixel = (uint)(tile * Group.DimX + Group.IdxX);
        bool isThere = pixel < (uint)(S.Batch * ByImagePlane.Value);
        if (!isThere) pixel = 0;
        uint n = ByImagePlane.Of(pixel), at = pixel - n * (uint)ByImagePlane.Value, line = S.ByWidth.Of(at);
        int fromY = (int)line + S.BeforeY, fromX = (int)(at - line * (uint)S.Width) + S.BeforeX;
        int kernel = (int)ByKernel.Value, own = S.InEach - block * DirectConvolution.Channels;
        long firstIn = block * DirectConvolution.Channels, firstOut = (long)section * S.OutEach, plane = S.ByPlane.Value;
        // The taps by which an output reads it: a step of 1 is all that comes here.
        int top = DirectConvolution.First(S.ResultHeight - 1 - fromY, S.ByDilationY),
            bottom = DirectConvolution.Below(0, fromY + 1, S.KernelHeight, S.ByDilationY);
        int left = DirectConvolution.First(S.ResultWidth - 1 - fromX, S.ByDilationX),
            right = DirectConvolution.Below(0, fromX + 1, S.KernelWidth, S.ByDilationX);
        var sums = Eight<V>.Zero;
        for (int o = 0; o < S.OutEach; o += Each)
        {
            int outputs = S.OutEach - o < Each ? S.OutEach - o : Each;
            Group.Barrier();
            for (int e = Group.IdxX; e < outputs * kernel * DirectConvolution.Channels; e += Group.DimX)
            {
                int c = e & (DirectConvolution.Channels - 1), tap = e / DirectConvolution.Channels, other = (int)ByKernel.Of((uint)tap);
                V weight = V.Constant(0);
                if (c < own) weight = V.From(Weight[((firstOut + o + other) * S.InEach + firstIn + c) * kernel + tap - other * kernel]);
                single[e] = V.To(weight);
            }
            Group.Barrier();
            for (int other = 0; other < outputs; other++)
            {
                long start = (n * (long)S.Out + firstOut + o + other) * plane + fromX;
                for (int ky = top; ky < bottom; ky++)
                {
                    long from = start + (long)(fromY - ky * S.DilationY) * S.ResultWidth - left * S.DilationX,
                        tap = 2 * (other * kernel + ky * S.KernelWidth + left);
                    for (int kx = left; kx < right; kx++, from -= S.DilationX, tap += 2)
                        sums = DirectConvolution.Plus(sums, V.From(Result[from]), weights, tap);
                }
            }
        }
        if (!isThere) return;
        long step = ByImagePlane.Value, to = (n * (long)S.In + (long)section * S.InEach + firstIn) * step + at;
        Image[to] = V.To(sums.S0);
        if (own > 1) Image[to + step] = V.To(sums.S1);
        if (own > 2) Image[to + 2 * step] = V.To(sums.S2);
        if (own > 3) Image[to + 3 * step] = V.To(sums.S3);
        if (own > 4) Image[to + 4 * step] = V.To(sums.S4);
        if (own > 5) Image[to + 5 * step] = V.To(sums.S5);
        if (own > 6) Image[to + 6 * step] = V.To(sums.S6);
        if (own > 7) Image[to + 7 * step] = V.To(sums.S7);
    }
}

/// <summary>
/// The gradient of a weight, over a share of the result's pixels: a thread has one tap for eight outputs, and what they have to say goes
/// through shared memory. Where there are few taps several threads have the same one for pixels in turn.
/// </summary>
internal struct DirectConvolveWeightJob<V, T> : IGroupJob where V : unmanaged, IGpuNumber<V, T> where T : unmanaged
{
    public ArrayView<T> Image, Result, Parts;
    public ConvShape S;
    public Divisor TapBlocks, Blocks, Sections, Across, InRow;
    public int Lanes, Pieces, Each;

    public static string Name => "convolution backward";

    public void Run(long group)
    {
        var gradients = SharedMemory.Allocate<Four<T>>(2 * DirectConvolution.Pieces * DirectConvolution.Width).AsAligned(Fours.Alignment);
        var folded = SharedMemory.Allocate<Four<T>>(Folding.MostThreads).AsAligned(Fours.Alignment);
        long rest = TapBlocks.Of(group), line = Blocks.Of(rest), split = Sections.Of(line), section = line - split * Sections.Value;
        int block = (int)(rest - line * Blocks.Value), thread = Group.IdxX, lane = (int)Across.Of((uint)thread);
        int taps = S.InEach * S.KernelHeight * S.KernelWidth,
            tap = (int)(group - rest * TapBlocks.Value) * (int)Across.Value + thread - lane * (int)Across.Value;
        uint tapLine = S.ByKernelWidth.Of((uint)tap), channel = S.ByKernelHeight.Of(tapLine);
        int dx = (tap - (int)tapLine * S.KernelWidth) * S.DilationX - S.BeforeX,
            dy = (int)(tapLine - channel * (uint)S.KernelHeight) * S.DilationY - S.BeforeY;
        long plane = (long)S.Height * S.Width, offset = (section * S.InEach + channel) * plane;
        if (tap >= taps) dy = -(1 << 30);                // never inside
        long firstOut = section * S.OutEach + block * DirectConvolution.Channels;
        int own = S.OutEach - block * DirectConvolution.Channels, from = (int)split * Each, end = Pieces - from < Each ? Pieces
            : from + Each;
        var sums = Eight<V>.Zero;
        for (int first = from; first < end; first += DirectConvolution.Pieces)
        {
            Group.Barrier();
            for (int e = thread; e < DirectConvolution.Pieces * DirectConvolution.Width; e += Group.DimX)
            {
                // Neighbouring threads read neighbouring pixels, of eight channels each.
                Piece(first + e / DirectConvolution.Width, out uint n, out int y, out int x);
                x += e % DirectConvolution.Width;
                bool isThere = first + e / DirectConvolution.Width < end && x < S.ResultWidth;
                long place = (n * (long)S.Out + firstOut) * S.ByPlane.Value + (long)y * S.ResultWidth + x;
                gradients[2 * e] = new(Slope(isThere, place, 0, own), Slope(isThere, place, 1, own), Slope(isThere, place, 2, own),
                    Slope(isThere, place, 3, own));
                gradients[2 * e + 1] = new(
                    Slope(isThere, place, 4, own), Slope(isThere, place, 5, own), Slope(isThere, place, 6, own),
                    Slope(isThere, place, 7, own));
            }
            Group.Barrier();
            int some = end - first < DirectConvolution.Pieces ? end - first : DirectConvolution.Pieces;
            for (int piece = lane; piece < some; piece += Lanes)
            {
                Piece(first + piece, out uint n, out int y, out int x);
                int py = y * S.StrideY + dy, px = x * S.StrideX + dx;
                if ((uint)py >= (uint)S.Height) continue;
                int left = DirectConvolution.First(px, S.ByStrideX), width = S.ResultWidth - x < DirectConvolution.Width
                    ? S.ResultWidth - x : DirectConvolution.Width;
                int right = DirectConvolution.Below(px, S.Width, width, S.ByStrideX);
                long place = n * (S.In * plane) + offset + (long)py * S.Width + px + left * S.StrideX,
                    at = 2 * (DirectConvolution.Width * piece + left);
                int i = left;
                for (; i + 1 < right; i += 2, place += 2 * S.StrideX, at += 4)
                {
                    V even = V.From(Image[place]), odd = V.From(Image[place + S.StrideX]);
                    sums = DirectConvolution.Plus(DirectConvolution.Plus(sums, even, gradients, at), odd, gradients, at + 2);
                }
                if (i < right) sums = DirectConvolution.Plus(sums, V.From(Image[place]), gradients, at);
            }
        }
        long to = (split * S.Out + firstOut) * taps + tap;
        var low = Folded(folded, new(V.To(sums.S0), V.To(sums.S1), V.To(sums.S2), V.To(sums.S3)), thread, lane);
        var high = Folded(folded, new(V.To(sums.S4), V.To(sums.S5), V.To(sums.S6), V.To(sums.S7)), thread, lane);
        if (lane > 0 || tap >= taps) return;
        Parts[to] = low.A;
        if (own > 1) Parts[to + taps] = low.B;
        if (own > 2) Parts[to + 2L * taps] = low.C;
        if (own > 3) Parts[to + 3L * taps] = low.D;
        if (own > 4) Parts[to + 4L * taps] = high.A;
        if (own > 5) Parts[to + 5L * taps] = high.B;
        if (own > 6) Parts[to + 6L * taps] = high.C;
        if (own > 7) Parts[to + 7L * taps] = high.D;
    }

    // Where a piece of a row of the result begins.
    [MethodImpl(AggressiveInlining)]
    private readonly void Piece(int piece, out uint n, out int y, out int x)
    {
        uint line = InRow.Of((uint)piece);
        n = S.ByResultHeight.Of(line);
        y = (int)(line - n * (uint)S.ResultHeight);
        x = ((int)((uint)piece - line * (uint)InRow.Value)) * DirectConvolution.Width;
    }

    [MethodImpl(AggressiveInlining)]
    private readonly T Slope(bool isThere, long place, int channel, int own)
    {
        V slope = V.Constant(0);
        if (isThere && channel < own) slope = V.From(Result[place + channel * S.ByPlane.Value]);
        return V.To(slope);
    }

    // Adds up what the lanes have, in a tree.
    [MethodImpl(AggressiveInlining)]
    private readonly Four<T> Folded(ArrayView<Four<T>> folded, Four<T> sums, int thread, int lane)
    {
        if (Lanes == 1) return sums;
        int across = (int)Across.Value;
        Group.Barrier();
        folded[thread] = sums;
        Group.Barrier();
        for (int half = Lanes >> 1; half > 0; half >>= 1)
        {
            if (lane < half)
            {
                Four<T> a = folded[thread], b = folded[thread + half * across];
                folded[thread] = new(V.To(V.From(a.A) + V.From(b.A)), V.To(V.From(a.B) + V.From(b.B)), V.To(V.From(a.C) + V.From(b.C)),
                    V.To(V.From(a.D) + V.From(b.D)));
            }
            Group.Barrier();
        }
        return folded[thread];
    }
}
