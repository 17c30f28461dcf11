namespace DeepNet.Devices.Cpu;

/// <summary>
/// The few vector operations that matrix multiplication needs, for one width and element type. The type that implements it
/// is only a name; values stay plain hardware vectors, which is what keeps a tile of two dozen of them in registers.
/// </summary>
/// <typeparam name="TVector">The hardware vector.</typeparam>
/// <typeparam name="T">Its element.</typeparam>
internal unsafe interface ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Elements per vector.</summary>
    static abstract int Count { get; }

    /// <summary>Rows of the register tile: with two vectors a row it must fill the registers of this width, and not more.</summary>
    static abstract int TileRows { get; }

    static abstract TVector Zero { get; }

    static abstract TVector Load(T* p);

    static abstract void Store(TVector v, T* p);

    static abstract TVector Broadcast(T* p);

    /// <summary>a·b + c, fused where the hardware can.</summary>
    static abstract TVector MulAdd(TVector a, TVector b, TVector c);

    static abstract TVector Add(TVector a, TVector b);

    /// <summary>The sum of the lanes, halves first.</summary>
    static abstract T Sum(TVector v);
}
