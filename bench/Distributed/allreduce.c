// What MPI_Allreduce takes without .NET: a line "bytes seconds" for each size, the least of several rounds, as AllReduce.cs measures it.
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char** argv) {
    const double round = 0.03;
    int rank, rounds = 7;
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    for (int i = 1; i < argc; i++) {
        int count = atoi(argv[i]) / 4, calls = 1;
        float* data = calloc((size_t)count, sizeof *data);
        double least = 1e9;
        for (int r = -1; r < rounds; r++) {
            MPI_Barrier(MPI_COMM_WORLD);
            double begun = MPI_Wtime();
            for (int c = 0; c < calls; c++) MPI_Allreduce(MPI_IN_PLACE, data, count, MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD);
            double each = (MPI_Wtime() - begun) / calls;
            if (r < 0) {
                // The first round says how many calls fill one; all ranks make as many.
                calls = each < round ? (int)(round / each) : 1;
                if (calls > 5000) calls = 5000;
                MPI_Bcast(&calls, 1, MPI_INT, 0, MPI_COMM_WORLD);
            } else if (each < least) least = each;
        }
        if (rank == 0) printf("%s %.9f\n", argv[i], least);
        free(data);
    }
    MPI_Finalize();
    return 0;
}
