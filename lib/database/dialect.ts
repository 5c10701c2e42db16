import type { DataSource } from 'typeorm';

/** Whether a data source speaks to MariaDB or MySQL, which TypeORM has two names and one driver for. */
export const isMySql = ({ options }: DataSource): boolean => ['mysql', 'mariadb'].includes(options.type);
