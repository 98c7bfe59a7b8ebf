import { Injectable } from '@nestjs/common'
import { ContactApi } from '@cirrus/omnichannel_api'
/**
* @param {string} clientIdentifier - Identificador único da conta.
* @param {number} page - Página em que a busca se iniciará.
* @param {number} limit - Limite de itens por página.
* @param {'asc' | 'desc'} order - Ordem em que os itens serão buscados (crescente ou decrescente).
* @param {'individual' | 'group'} type - Tipo de contato.
* @param {'whatsapp' | 'facebook' | 'instagram' | 'telegram'} channelType - Tipo de canal.
* @param {string} name - Nome do contato a ser buscado.
* @param {string} contactIdentifier - Contato que identifica um usuário (Número de telefone, token (Telegram), etc).
* @param {string[]} tagIds - Tags vinculadas ao contato.
*/
export interface GetContactsDto {
clientIdentifier: string;
page: number;
limit: number;
order?: 'asc' | 'desc';
type?: 'individual' | 'group';
channelType?: 'whatsapp' | 'facebook' | 'instagram' | 'telegram';
name?: string;
contactIdentifier?: string;
tagIds?: string[];
}
@Injectable()
export class ListExample {
constructor(private readonly contactApi: ContactApi) {}
async run() {
const payload: GetContactsDto
= { clientIdentifier: '9a92ea44-244c-4cda-86be-6a9e32ba8f34', page: 1, limit: 20, order: 'asc', type: 'individual', channelType: 'whatsapp', name: 'joão' }
await this.contactApi.get(payload)
}
}
