namespace DeepNet.Distributed.Mpi;

/// <summary>Specifies the implementation of MPI, by which handles and constants differ.</summary>
internal enum MpiFlavour
{
    /// <summary>Open MPI, whose handles are addresses of exported objects.</summary>
    OpenMpi,

    /// <summary>MPICH and its relatives (Intel MPI, MVAPICH, Cray MPICH), whose handles are numbers.</summary>
    Mpich,

    /// <summary>The binary interface of MPI 5, one for all implementations.</summary>
    Abi,
}
