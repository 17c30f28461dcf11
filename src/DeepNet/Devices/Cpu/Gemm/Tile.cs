using System.Runtime.Intrinsics.X86;

namespace DeepNet.Devices.Cpu;

/// <summary>
/// The micro-kernel of matrix multiplication: a tile of C, up to 12 rows of one or two vectors, is kept in registers while
/// k outer products are added to it. All other code only arranges operands for this loop.
/// </summary>
/// <remarks>
/// Every element of C is one chain of fused multiply-adds over k in ascending order, whatever the shape of the tile, the
/// width of the vectors and the layout of the operands, so the choice among them never changes a bit of the result.
/// A program compiles a dozen copies before its first step is done, and every call takes the JIT about 10 µs, also where it is inlined and
/// nothing of it is left. So vectors are read and written through pointers, and no more than two terms are written out.
/// </remarks>
internal static unsafe class Tile
{
    /// <summary>C (+)= A·B for one tile.</summary>
    [MethodImpl(NoInlining | AggressiveOptimization)]
    public static void Run<TLanes, TVector, T, TRows, TVectors, TOrder>(TileOperands<T>* operands)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged
        where TRows : unmanaged
        where TVectors : unmanaged
        where TOrder : IOrder
    {
        TVector c00 = default, c01 = default, c10 = default, c11 = default;
        TVector c20 = default, c21 = default, c30 = default, c31 = default;
        TVector c40 = default, c41 = default, c50 = default, c51 = default;
        TVector c60 = default, c61 = default, c70 = default, c71 = default;
        TVector c80 = default, c81 = default, c90 = default, c91 = default;
        TVector cA0 = default, cA1 = default, cB0 = default, cB1 = default;

        T* a = operands->A, b = operands->B;
        nint aRow = TOrder.Row(operands->ARow), aCol = TOrder.Term(operands->ACol, sizeof(TRows)), bRow = operands->BRow,
            bNext = operands->BNext;

        // What C holds is far away by now: it is fetched while the products are added up.
        if (operands->Accumulate && Sse.IsSupported)
        {
            T* line = operands->C;
            for (int row = 0; row < sizeof(TRows); row++, line += operands->CRow)
            {
                Sse.Prefetch0(line);
                if (sizeof(TVectors) > 1) Sse.Prefetch0(line + 2 * TLanes.Count - 1);
            }
        }

        // Three moving pointers and three fixed distances reach all 12 rows in the address mode base + index.
        T* a4 = a + aRow * 4, a8 = a + aRow * 8;
        for (nint jump = 0; ; jump++)
        {
            // Two terms at a time, where the order of A is known: the place of the second then is part of the addresses.
            nint k = operands->K;
            for (; TOrder.IsKnown && k >= 2; k -= 2)
            {
                AddTerm<TLanes, TVector, T, TRows, TVectors, TOrder>(a, a4, a8, aRow, 0, b, bNext,
                    ref c00, ref c01, ref c10, ref c11, ref c20, ref c21,
                    ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                    ref c60, ref c61, ref c70, ref c71, ref c80, ref c81,
                    ref c90, ref c91, ref cA0, ref cA1, ref cB0, ref cB1);
                b += bRow;
                AddTerm<TLanes, TVector, T, TRows, TVectors, TOrder>(a, a4, a8, aRow, aCol, b, bNext,
                    ref c00, ref c01, ref c10, ref c11, ref c20, ref c21,
                    ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                    ref c60, ref c61, ref c70, ref c71, ref c80, ref c81,
                    ref c90, ref c91, ref cA0, ref cA1, ref cB0, ref cB1);
                b += bRow;
                a += 2 * aCol;
                if (sizeof(TRows) > 4) a4 += 2 * aCol;
                if (sizeof(TRows) > 8) a8 += 2 * aCol;
            }
            for (; k > 0; k--)
            {
                AddTerm<TLanes, TVector, T, TRows, TVectors, TOrder>(a, a4, a8, aRow, 0, b, bNext,
                    ref c00, ref c01, ref c10, ref c11, ref c20, ref c21,
                    ref c30, ref c31, ref c40, ref c41, ref c50, ref c51,
                    ref c60, ref c61, ref c70, ref c71, ref c80, ref c81,
                    ref c90, ref c91, ref cA0, ref cA1, ref cB0, ref cB1);
                b += bRow;
                a += aCol;
                if (sizeof(TRows) > 4) a4 += aCol;
                if (sizeof(TRows) > 8) a8 += aCol;
            }

            if (jump == operands->JumpCount) break;
            TileJump step = operands->Jumps[jump];
            a += step.A;
            if (sizeof(TRows) > 4) a4 += step.A;
            if (sizeof(TRows) > 8) a8 += step.A;
            b += step.B;
        }

        T* c = operands->C;
        nint cRow = operands->CRow;
        var end = new End<T>(operands->Accumulate, operands->Bias, operands->Rectify);
        Write<TLanes, TVector, T, TVectors>(c, c00, c01, end);
        if (sizeof(TRows) > 1) Write<TLanes, TVector, T, TVectors>(c += cRow, c10, c11, end);
        if (sizeof(TRows) > 2) Write<TLanes, TVector, T, TVectors>(c += cRow, c20, c21, end);
        if (sizeof(TRows) > 3) Write<TLanes, TVector, T, TVectors>(c += cRow, c30, c31, end);
        if (sizeof(TRows) > 4) Write<TLanes, TVector, T, TVectors>(c += cRow, c40, c41, end);
        if (sizeof(TRows) > 5) Write<TLanes, TVector, T, TVectors>(c += cRow, c50, c51, end);
        if (sizeof(TRows) > 6) Write<TLanes, TVector, T, TVectors>(c += cRow, c60, c61, end);
        if (sizeof(TRows) > 7) Write<TLanes, TVector, T, TVectors>(c += cRow, c70, c71, end);
        if (sizeof(TRows) > 8) Write<TLanes, TVector, T, TVectors>(c += cRow, c80, c81, end);
        if (sizeof(TRows) > 9) Write<TLanes, TVector, T, TVectors>(c += cRow, c90, c91, end);
        if (sizeof(TRows) > 10) Write<TLanes, TVector, T, TVectors>(c += cRow, cA0, cA1, end);
        if (sizeof(TRows) > 11) Write<TLanes, TVector, T, TVectors>(c += cRow, cB0, cB1, end);
    }

    /// <summary>One term of all sums: an outer product of a column of A and a row of B.</summary>
    [MethodImpl(AggressiveInlining)]
    private static void AddTerm<TLanes, TVector, T, TRows, TVectors, TOrder>(
        T* a, T* a4, T* a8, nint aRow, nint term, T* b, nint bNext,
        ref TVector c00, ref TVector c01, ref TVector c10, ref TVector c11, ref TVector c20, ref TVector c21,
        ref TVector c30, ref TVector c31, ref TVector c40, ref TVector c41, ref TVector c50, ref TVector c51,
        ref TVector c60, ref TVector c61, ref TVector c70, ref TVector c71, ref TVector c80, ref TVector c81,
        ref TVector c90, ref TVector c91, ref TVector cA0, ref TVector cA1, ref TVector cB0, ref TVector cB1)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged
        where TRows : unmanaged
        where TVectors : unmanaged
        where TOrder : IOrder
    {
        TVector b0 = *(TVector*)b, b1 = b0;
        if (sizeof(TVectors) > 1) b1 = *(TVector*)(b + bNext);

        Step<TLanes, TVector, T, TVectors>(a + term, b0, b1, ref c00, ref c01);
        if (sizeof(TRows) > 1) Step<TLanes, TVector, T, TVectors>(a + aRow + term, b0, b1, ref c10, ref c11);
        if (sizeof(TRows) > 2) Step<TLanes, TVector, T, TVectors>(a + 2 * aRow + term, b0, b1, ref c20, ref c21);
        if (sizeof(TRows) > 3) Step<TLanes, TVector, T, TVectors>(a + 3 * aRow + term, b0, b1, ref c30, ref c31);
        if (sizeof(TRows) > 4) Step<TLanes, TVector, T, TVectors>(a4 + term, b0, b1, ref c40, ref c41);
        if (sizeof(TRows) > 5) Step<TLanes, TVector, T, TVectors>(a4 + aRow + term, b0, b1, ref c50, ref c51);
        if (sizeof(TRows) > 6) Step<TLanes, TVector, T, TVectors>(a4 + 2 * aRow + term, b0, b1, ref c60, ref c61);
        if (sizeof(TRows) > 7) Step<TLanes, TVector, T, TVectors>(a4 + 3 * aRow + term, b0, b1, ref c70, ref c71);
        if (sizeof(TRows) > 8) Step<TLanes, TVector, T, TVectors>(a8 + term, b0, b1, ref c80, ref c81);
        if (sizeof(TRows) > 9) Step<TLanes, TVector, T, TVectors>(a8 + aRow + term, b0, b1, ref c90, ref c91);
        if (sizeof(TRows) > 10) Step<TLanes, TVector, T, TVectors>(a8 + 2 * aRow + term, b0, b1, ref cA0, ref cA1);
        if (sizeof(TRows) > 11) Step<TLanes, TVector, T, TVectors>(a8 + 3 * aRow + term, b0, b1, ref cB0, ref cB1);
    }

    [MethodImpl(AggressiveInlining)]
    private static void Step<TLanes, TVector, T, TVectors>(T* a, TVector b0, TVector b1, ref TVector c0, ref TVector c1)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged
        where TVectors : unmanaged
    {
        TVector x = TLanes.Broadcast(*a);
        c0 = TLanes.MulAdd(x, b0, c0);
        if (sizeof(TVectors) > 1) c1 = TLanes.MulAdd(x, b1, c1);
    }

    /// <summary>Finishes a sum before it is written.</summary>
    private readonly struct End<T>(bool accumulate, T* bias, bool rectify) where T : unmanaged
    {
        public readonly bool Accumulate = accumulate, Rectify = rectify;
        public readonly T* Bias = bias;
    }

    [MethodImpl(AggressiveInlining)]
    private static void Write<TLanes, TVector, T, TVectors>(T* c, TVector c0, TVector c1, in End<T> end)
        where TLanes : ILanes<TVector, T>
        where TVector : unmanaged
        where T : unmanaged
        where TVectors : unmanaged
    {
        if (end.Accumulate)
        {
            c0 = TLanes.Add(*(TVector*)c, c0);
            if (sizeof(TVectors) > 1) c1 = TLanes.Add(((TVector*)c)[1], c1);
        }
        if (end.Bias != null)
        {
            c0 = TLanes.Add(*(TVector*)end.Bias, c0);
            if (sizeof(TVectors) > 1) c1 = TLanes.Add(((TVector*)end.Bias)[1], c1);
        }
        if (end.Rectify)
        {
            c0 = TLanes.MaxNative(default, c0);
            if (sizeof(TVectors) > 1) c1 = TLanes.MaxNative(default, c1);
        }

        *(TVector*)c = c0;
        if (sizeof(TVectors) > 1) ((TVector*)c)[1] = c1;
    }
}
